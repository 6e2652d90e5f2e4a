import { audit } from './en/audit.ts';
import { catalogue } from './en/catalogue.ts';
import { dialogs } from './en/dialogs.ts';
import { firstRun } from './en/first-run.ts';
import { frame } from './en/frame.ts';
import { keys } from './en/keys.ts';
import { parts } from './en/parts.ts';
import { people } from './en/people.ts';
import { problems } from './en/problems.ts';
import { profile } from './en/profile.ts';
import { signIn } from './en/sign-in.ts';
import { webhooks } from './en/webhooks.ts';

/** The texts of each page and part, one file each. */
export const en = {
  audit,
  catalogue,
  dialogs,
  firstRun,
  frame,
  keys,
  parts,
  people,
  problems,
  profile,
  signIn,
  webhooks,
};

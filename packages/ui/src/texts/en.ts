import { catalogue } from './en/catalogue.ts';
import { frame } from './en/frame.ts';
import { integrations } from './en/integrations.ts';
import { parts } from './en/parts.ts';
import { problems } from './en/problems.ts';
import { signIn } from './en/sign-in.ts';
import { webhookState } from './en/webhook-state.ts';
import { webhooks } from './en/webhooks.ts';

/** The texts of each page and part, one file each. */
export const en = {
  catalogue,
  frame,
  integrations,
  parts,
  problems,
  signIn,
  webhookState,
  webhooks,
};

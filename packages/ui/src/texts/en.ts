import { catalogue } from './en/catalogue.ts';
import { dialogs } from './en/dialogs.ts';
import { frame } from './en/frame.ts';
import { inboxes } from './en/inboxes.ts';
import { parts } from './en/parts.ts';
import { problems } from './en/problems.ts';
import { signIn } from './en/sign-in.ts';
import { webhookEdit } from './en/webhook-edit.ts';
import { webhooks } from './en/webhooks.ts';

/** The texts of each page and part, one file each. */
export const en = {
  catalogue,
  dialogs,
  frame,
  inboxes,
  parts,
  problems,
  signIn,
  webhookEdit,
  webhooks,
};

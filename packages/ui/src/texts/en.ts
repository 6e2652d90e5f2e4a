import { catalogue } from './en/catalogue.ts';
import { deliveries } from './en/deliveries.ts';
import { delivery } from './en/delivery.ts';
import { frame } from './en/frame.ts';
import { parts } from './en/parts.ts';
import { problems } from './en/problems.ts';
import { signIn } from './en/sign-in.ts';
import { webhook } from './en/webhook.ts';
import { webhookState } from './en/webhook-state.ts';
import { webhooks } from './en/webhooks.ts';

/** The texts of each page and part, one file each. */
export const en = {
  catalogue,
  deliveries,
  delivery,
  frame,
  parts,
  problems,
  signIn,
  webhook,
  webhookState,
  webhooks,
};

import { audit } from './en/audit.ts';
import { catalogue } from './en/catalogue.ts';
import { deliveries } from './en/deliveries.ts';
import { delivery } from './en/delivery.ts';
import { dialogs } from './en/dialogs.ts';
import { event } from './en/event.ts';
import { events } from './en/events.ts';
import { filters } from './en/filters.ts';
import { firstRun } from './en/first-run.ts';
import { frame } from './en/frame.ts';
import { inboxes } from './en/inboxes.ts';
import { integrations } from './en/integrations.ts';
import { keys } from './en/keys.ts';
import { overview } from './en/overview.ts';
import { parts } from './en/parts.ts';
import { people } from './en/people.ts';
import { problems } from './en/problems.ts';
import { profile } from './en/profile.ts';
import { reportEvent } from './en/report-event.ts';
import { signIn } from './en/sign-in.ts';
import { webhook } from './en/webhook.ts';
import { webhookEdit } from './en/webhook-edit.ts';
import { webhookState } from './en/webhook-state.ts';
import { webhooks } from './en/webhooks.ts';

/** The texts of each page and part, one file each. */
export const en = {
  audit,
  catalogue,
  deliveries,
  delivery,
  dialogs,
  event,
  events,
  filters,
  firstRun,
  frame,
  inboxes,
  integrations,
  keys,
  overview,
  parts,
  people,
  problems,
  profile,
  reportEvent,
  signIn,
  webhook,
  webhookEdit,
  webhookState,
  webhooks,
};

import type { OperationContext } from '../tx.ts';
import * as apps from './apps.ts';
import * as audit from './audit.ts';
import * as counts from './counts.ts';
import * as events from './events.ts';
import * as deliveries from './deliveries.ts';
import * as findWebhooks from './find-webhooks.ts';
import * as guesses from './guesses.ts';
import * as identities from './identities.ts';
import * as inboxes from './inboxes.ts';
import * as keys from './keys.ts';
import * as links from './links.ts';
import * as look from './look.ts';
import * as notices from './notices.ts';
import * as people from './people.ts';
import * as personSessions from './person-sessions.ts';
import * as personTokens from './person-tokens.ts';
import * as resend from './resend.ts';
import * as retention from './retention.ts';
import * as secrets from './secrets.ts';
import * as sendingWebhook from './sending-webhook.ts';
import * as sessions from './sessions.ts';
import * as tallies from './tallies.ts';
import * as tidings from './tidings.ts';
import * as upkeep from './upkeep.ts';
import * as waiting from './waiting.ts';
import * as webhooks from './webhooks.ts';

/** Operations that do not run per delivery: one plain SQL text for every engine. */
export const coldOperations = {
  ...apps,
  ...audit,
  ...counts,
  ...events,
  ...deliveries,
  ...findWebhooks,
  ...guesses,
  ...identities,
  ...inboxes,
  ...keys,
  ...links,
  ...look,
  ...notices,
  ...people,
  ...personSessions,
  ...personTokens,
  ...resend,
  ...retention,
  ...secrets,
  ...sendingWebhook,
  ...sessions,
  ...tallies,
  ...tidings,
  ...upkeep,
  ...waiting,
  ...webhooks,
} satisfies Record<string, (context: OperationContext, input: never) => Promise<unknown>>;

export type ColdOperations = typeof coldOperations;

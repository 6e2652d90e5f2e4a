import { actionCalls } from './calls/actions.ts';
import { appCalls } from './calls/apps.ts';
import { auditCalls } from './calls/audit.ts';
import { deliveryCalls } from './calls/deliveries.ts';
import { eventCalls } from './calls/events.ts';
import { inboxCalls } from './calls/inboxes.ts';
import { keyCalls } from './calls/keys.ts';
import { liveCall } from './calls/live.ts';
import { locationCalls } from './calls/locations.ts';
import { meCalls } from './calls/me.ts';
import { noticeCalls } from './calls/notices.ts';
import { overviewCall } from './calls/overview.ts';
import { peopleCalls } from './calls/people.ts';
import { secretCalls } from './calls/secrets.ts';
import { sessionCalls } from './calls/session.ts';
import { signingKeyCalls } from './calls/signing-key.ts';
import { webhookCalls } from './calls/webhooks.ts';
import { type ClientOptions, createRequests } from './request.ts';

/** Everything under `/v1`. Calls reject with a `PosthornError`; it holds no connection to close. */
export type Posthorn = ReturnType<typeof createClient>;

/**
 * A client of one service.
 *
 *     const posthorn = createClient({ url: 'http://127.0.0.1:4665', key });
 *     await posthorn.events.report('BookingCreate', { Id: 1 }, { location: 7 });
 */
export function createClient(options: ClientOptions) {
  const { send, read, open } = createRequests(options);
  return {
    actions: actionCalls(send),
    apps: appCalls(send),
    audit: auditCalls(send),
    deliveries: deliveryCalls(send),
    events: eventCalls(send, read),
    inboxes: inboxCalls(send),
    keys: keyCalls(send),
    live: liveCall(open),
    locations: locationCalls(send),
    me: meCalls(send),
    notices: noticeCalls(send),
    overview: overviewCall(send),
    people: peopleCalls(send),
    secrets: secretCalls(send),
    session: sessionCalls(send),
    signingKey: signingKeyCalls(send),
    webhooks: webhookCalls(send),
  };
}

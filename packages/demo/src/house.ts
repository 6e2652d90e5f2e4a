import type { Client, Inbox, Webhook } from './client.ts';
import { LOCATIONS } from './front-desk/front-desk.ts';

/** The actions that concern a door, which every location follows for itself. */
const DOOR_ACTIONS = ['VisitorRegistered', 'VisitorCheckedin', 'CheckinCreated', 'CheckinUpdated'];
const BOOKING_ACTIONS = ['BookingCreate', 'BookingUpdate', 'BookingDelete'];
const INVOICE_ACTIONS = [
  'CoworkerInvoiceCreate',
  'CoworkerInvoiceFailedPayment',
  'CoworkerInvoicePaid',
];

/** What the people of the space have set up. */
export interface House {
  readonly inbox: Inbox;
  readonly webhooks: readonly Webhook[];
  /** The one whose receiver is down. */
  readonly accounting: Webhook;
}

/**
 * Sets up what a space would: names for its three locations, a shared secret, an inbox for
 * everything, a webhook for bookings, one for invoices, and one for the doors of each location.
 */
export async function setUpHouse(
  client: Client,
  urls: { readonly bookings: string; readonly invoices: string },
): Promise<House> {
  for (const { id, name } of LOCATIONS) await client.send('PUT', `/v1/locations/${id}`, { name });
  await client.send('PUT', '/v1/secrets/default', { secret: 'a tern flies from pole to pole' });

  const inbox = await client.send<Inbox>('POST', '/v1/inboxes');
  const create = (webhook: object) => client.send<Webhook>('POST', '/v1/webhooks', webhook);
  const everything = await create({ name: 'Everything', actions: ['*'], url: inbox.url });
  const calendar = await create({
    name: 'Calendar',
    description: 'Its server is flaky.',
    actions: BOOKING_ACTIONS,
    url: urls.bookings,
  });
  const accounting = await create({
    name: 'Accounting',
    description: 'Its server is down.',
    actions: INVOICE_ACTIONS,
    url: urls.invoices,
  });
  const doors = [];
  for (const { id, name } of LOCATIONS) {
    const { url } = await client.send<Inbox>('POST', '/v1/inboxes');
    const door = { name: `Doors of ${shortName(name)}`, actions: DOOR_ACTIONS, location: id, url };
    doors.push(await create(door));
  }
  return { inbox, webhooks: [everything, calendar, accounting, ...doors], accounting };
}

/** `Tern House Harbour` is `Harbour` to those who work there. */
function shortName(name: string): string {
  return name.replace('Tern House ', '');
}

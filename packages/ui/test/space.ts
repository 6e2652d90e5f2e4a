import { openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import { eventually } from '@posthorn/testkit/server';
import { seed } from './seed.ts';
import type { Ui } from './ui.ts';

/** A page, as somebody who is signed in opens it, unless it says otherwise. */
export interface Place {
  readonly name: string;
  readonly path: string;
  /** What is there once the page is complete. */
  readonly until: string;
  readonly isSignedIn?: false;
}

export interface Space {
  /** Every page that there is once somebody has set Posthorn up. */
  readonly places: readonly Place[];
  close(): Promise<void>;
}

/** A made-up space in which webhooks fare well and badly, so that every page has something to show. */
export async function openSpace(ui: Ui): Promise<Space> {
  const receiver = await openReceiver();
  const deadReceiver = await openReceiver({ answer: () => 500 });
  const goneReceiver = await openReceiver({ answer: () => 410 });
  // Ada sets Posthorn up, which nobody can once there are other people.
  await (await ui.openSignedIn()).context.close();
  await seed({ posthorn: ui.posthorn, receiver, goneReceiver });
  const ids = await fill(ui, { receiver, deadReceiver });
  return {
    places: placesOf(ids),
    async close() {
      await Promise.all([receiver.close(), deadReceiver.close(), goneReceiver.close()]);
    },
  };
}

function placesOf({ webhook, delivery, event, inbox }: Ids): readonly Place[] {
  return [
    { name: 'sign-in', path: '/sign-in', until: 'Email address', isSignedIn: false },
    { name: 'first-run', path: '/welcome', until: 'Create it and send a test' },
    { name: 'overview', path: '/', until: 'Webhooks that need somebody' },
    { name: 'webhooks', path: '/webhooks', until: 'that is all' },
    { name: 'webhook', path: `/webhooks/${webhook}?span=hour`, until: 'Calls by outcome' },
    { name: 'new-webhook', path: '/webhooks/new?action=BookingCreate', until: 'What will be sent' },
    {
      name: 'edit-webhook',
      path: `/webhooks/${webhook}/edit`,
      until: 'How to check the signature',
    },
    { name: 'events', path: '/events', until: 'that is all' },
    { name: 'event', path: `/events/${event}`, until: 'Room Oak' },
    { name: 'report-event', path: '/events/report?action=TeamCreated', until: 'Fits the schema' },
    { name: 'deliveries', path: '/deliveries', until: 'that is all' },
    { name: 'delivery', path: `/deliveries/${delivery}`, until: 'What to do' },
    { name: 'catalogue', path: '/catalogue?q=booking', until: 'Booking Create' },
    { name: 'action', path: '/catalogue/BookingCreate', until: 'ResourceName' },
    { name: 'inboxes', path: '/inboxes', until: 'that is all' },
    { name: 'inbox', path: `/inboxes/${inbox}`, until: 'CoworkerCreate' },
    { name: 'integrations', path: '/settings/integrations', until: 'that is all' },
    { name: 'people', path: '/settings/people', until: 'that is all' },
    { name: 'keys', path: '/settings/keys', until: 'Door system' },
    { name: 'audit', path: '/settings/audit', until: 'that is all' },
    { name: 'profile', path: '/settings/profile', until: 'Second factor' },
  ];
}

/** What there is a page of. */
interface Ids {
  readonly webhook: number;
  readonly delivery: string;
  readonly event: string;
  readonly inbox: string;
}

async function fill(
  { posthorn }: Ui,
  { receiver, deadReceiver }: { readonly receiver: Receiver; readonly deadReceiver: Receiver },
): Promise<Ids> {
  const create = (name: string, actions: string[], url: string, location: number | null = null) =>
    posthorn.webhooks.create({ name, actions, url, location });
  await posthorn.secrets.set('default', 'a tern flies far');
  const inbox = await posthorn.inboxes.create();
  await create('Welcome mail, on trial', ['CoworkerCreate'], inbox.url);
  await create('Accounting', ['CoworkerInvoicePaid', 'CoworkerInvoiceCreate'], receiver.url);
  await create(
    'Door system of the Old Mill',
    ['CheckinCreated', 'CheckinDeleted'],
    receiver.url,
    7,
  );
  await create('Welcome mail', ['CoworkerCreate'], receiver.url);
  const failing = await create(
    'Calendar of the Harbour House',
    ['BookingCreate'],
    deadReceiver.url,
  );
  await posthorn.webhooks.create({
    name: 'Old newsletter',
    actions: ['*'],
    url: receiver.url,
    active: false,
  });
  const { id: event } = await posthorn.events.report('BookingCreate', {
    Id: 1,
    ResourceName: 'Room Oak',
  });
  await posthorn.events.report('CoworkerCreate', { Id: 2, FullName: 'Grace Bell' });
  await eventually(async () => (await posthorn.webhooks.get(failing.id)).state === 'failing');
  await eventually(async () => (await posthorn.webhooks.health(failing.id)).totals.calls > 0);
  const [delivery] = await posthorn.deliveries.list({ webhook: failing.id }).take(1);
  return { webhook: failing.id, delivery: delivery!.id, event, inbox: inbox.id };
}

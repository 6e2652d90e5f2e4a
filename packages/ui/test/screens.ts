// `npm run screens`: a picture of every page, light and dark, at a desktop and on a phone, for
// docs/screens. What is shown is made up, so that the pictures change when the pages do.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openReceiver } from '@posthorn/testkit/receivers';
import { eventually } from '@posthorn/testkit/server';
import type { Page } from 'playwright-core';
import { DESKTOP, PHONE } from './browser.ts';
import { seed } from './seed.ts';
import { setup } from './setup.ts';
import { openUi, setupLinkOf, type Ui } from './ui.ts';

const FOLDER = join(import.meta.dirname, '../../../docs/screens');

/** Larger ones do not belong into a repository. */
const MAX_BYTES = 100_000;

interface Screen {
  readonly name: string;
  readonly path: string | ((ui: Ui) => Promise<string>);
  /** What is there once the page is complete. */
  readonly until: string;
  readonly isSignedIn?: false;
}

const screens: readonly Screen[] = [
  { name: 'sign-in', path: '/sign-in', until: 'Email address', isSignedIn: false },
  { name: 'webhooks', path: '/webhooks', until: 'that is all' },
  { name: 'overview', path: '/', until: 'Webhooks that need somebody' },
  { name: 'events', path: '/events', until: 'that is all' },
  {
    name: 'report-event',
    path: '/events/report?action=TeamCreated',
    until: 'Fits the schema',
  },
  { name: 'webhook', path: webhookPath, until: 'Calls by outcome' },
  { name: 'deliveries', path: '/deliveries', until: 'that is all' },
  { name: 'delivery', path: deliveryPath, until: 'What to do' },
  { name: 'catalogue', path: '/catalogue?q=booking', until: 'Booking Create' },
  { name: 'action', path: '/catalogue/BookingCreate', until: 'ResourceName' },
  { name: 'first-run', path: '/welcome', until: 'Create it and send a test' },
  { name: 'people', path: '/settings/people', until: 'that is all' },
  { name: 'keys', path: '/settings/keys', until: 'Door system' },
  { name: 'audit', path: '/settings/audit', until: 'that is all' },
  { name: 'profile', path: '/settings/profile', until: 'Second factor' },
];

const SIZES = { desktop: DESKTOP, phone: PHONE };

await setup();
const ui = await openUi();
const receiver = await openReceiver();
const deadReceiver = await openReceiver({ answer: () => 500 });
const goneReceiver = await openReceiver({ answer: () => 410 });
try {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  await take({
    name: 'setup',
    path: setupLinkOf(ui.server),
    until: 'Your name',
    isSignedIn: false,
  });
  // Ada sets Posthorn up, which nobody can once there are other people.
  await (await ui.openSignedIn()).context.close();
  const { event } = await fill(ui);
  for (const screen of screens) await take(screen);
  await take({ name: 'event', path: `/events/${event}`, until: 'Room Oak' });
} finally {
  await ui.close();
  await Promise.all([receiver.close(), deadReceiver.close(), goneReceiver.close()]);
}

async function take({ name, path, until, isSignedIn }: Screen): Promise<void> {
  for (const [size, options] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const look = { ...options, colorScheme };
      const { page, context } = await (isSignedIn === false
        ? ui.open(look)
        : ui.openSignedIn(look));
      await page.goto(typeof path === 'string' ? path : await path(ui));
      await page.getByText(until).first().waitFor();
      const file = `${name}-${size}-${colorScheme}.webp`;
      const picture = await photograph(page);
      await context.close();
      console.log(`${file} ${Math.round(picture.length / 1000)} kB`);
      if (picture.length > MAX_BYTES) throw new Error(`${file}: more than ${MAX_BYTES} bytes.`);
      await writeFile(join(FOLDER, file), picture);
    }
  }
}

/** The one that fails, in the hour in which it does. */
async function webhookPath({ posthorn }: Ui): Promise<string> {
  const [failing] = await posthorn.webhooks.list({ state: 'failing' }).take(1);
  return `/webhooks/${failing!.id}?span=hour`;
}

async function deliveryPath({ posthorn }: Ui): Promise<string> {
  const [failing] = await posthorn.webhooks.list({ state: 'failing' }).take(1);
  const [delivery] = await posthorn.deliveries.list({ webhook: failing!.id }).take(1);
  return `/deliveries/${delivery!.id}`;
}

/** What is in the window, in the smallest format that every browser shows. */
async function photograph(page: Page): Promise<Buffer> {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 80 });
  return Buffer.from(data, 'base64');
}

/** A few webhooks in every state, and some traffic: an event of it. */
async function fill({ posthorn }: Ui): Promise<{ readonly event: string }> {
  await seed({ posthorn, receiver, goneReceiver });
  const create = (name: string, actions: string[], url: string, location: number | null = null) =>
    posthorn.webhooks.create({ name, actions, url, location });
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
  return { event };
}

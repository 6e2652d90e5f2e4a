import { openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import { eventually } from '@posthorn/testkit/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeViolations } from './axe.ts';
import { PHONE } from './browser.ts';
import { openUi, type Ui } from './ui.ts';

/** What nobody should see run, turn around, or vanish. */
const HOSTILE = '<script>alert(1)</script> \u202Efdp.exe \0 end';

let ui: Ui;
let receiver: Receiver;
let status = 200;
beforeAll(async () => {
  receiver = await openReceiver({
    answer: () => ({ status, headers: { 'x-said': '<b>bold</b>' }, body: HOSTILE }),
  });
  ui = await openUi();
});
afterAll(async () => {
  await ui.close();
  await receiver.close();
});

/** The deliveries of a webhook, newest first. */
const deliveriesOf = (webhook: number) => ui.posthorn.deliveries.list({ webhook }).take(10);

it('says that nothing was sent yet, and leads on', async () => {
  const { page, problems } = await ui.openSignedIn();
  await page.goto('/deliveries');
  await page.getByRole('heading', { name: 'Nothing was sent yet' }).waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('link', { name: 'To the webhooks' }).click();
  await page.waitForURL('**/webhooks');
  expect(problems()).toEqual([]);
});

it('lists deliveries as they happen, narrowed by what stands in the address', async () => {
  const { posthorn } = ui;
  await posthorn.webhooks.create({ name: 'Doors', actions: ['BookingCreate'], url: receiver.url });
  await posthorn.webhooks.create({
    name: '<script>alert(1)</script> \u202Efdp.exe',
    actions: ['CoworkerCreate'],
    url: receiver.url,
  });
  const { page, problems } = await ui.openSignedIn();
  await page.goto('/deliveries');
  await page.getByRole('button', { name: 'Live' }).waitFor();
  await posthorn.events.report('BookingCreate', { Id: 1 });
  await page.getByRole('row', { name: /Delivered BookingCreate Doors/ }).waitFor();
  await posthorn.events.report('CoworkerCreate', { Id: 2 });
  await page.getByRole('link', { name: 'CoworkerCreate' }).waitFor();
  await page.getByText('U+202E', { exact: true }).waitFor();

  await page.getByRole('combobox', { name: 'Webhook' }).fill('doo');
  await page.getByRole('option', { name: 'Doors' }).click();
  await page.waitForURL(/webhook=\d/);
  await page.getByRole('link', { name: 'CoworkerCreate' }).waitFor({ state: 'detached' });
  await page.getByRole('combobox', { name: 'State' }).click();
  await page.getByRole('option', { name: 'Failed' }).click();
  await page.getByRole('heading', { name: 'No delivery fits' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'No delivery fits' }).waitFor();
  expect(await page.getByRole('combobox', { name: 'Webhook' }).inputValue()).toBe('Doors');
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByRole('link', { name: 'CoworkerCreate' }).waitFor();

  await page.getByLabel('From').fill('2001-01-01T00:00');
  await page.getByLabel('Before').fill('2001-01-02T00:00');
  // Berlin is an hour ahead of UTC then.
  await page.waitForURL(/from=.*2000-12-31T23.*&to=.*2001-01-01T23/);
  await page.getByRole('heading', { name: 'No delivery fits' }).waitFor();
  expect(problems()).toEqual([]);
});

it('stands still while it is paused', async () => {
  const path = '/deliveries?action=BookingCreate';
  const [{ page }, { page: other }] = [await ui.openSignedIn(), await ui.openSignedIn()];
  await Promise.all([page.goto(path), other.goto(path)]);
  await other.getByRole('button', { name: 'Live' }).waitFor();
  await page.getByRole('button', { name: 'Live' }).click();
  await page.getByRole('button', { name: 'Paused' }).waitFor();
  const before = await page.getByRole('row').count();
  await ui.posthorn.events.report('BookingCreate', { Id: 3 });
  await eventually(async () => (await other.getByRole('row').count()) === before + 1);
  expect(await page.getByRole('row').count()).toBe(before);
  await page.getByRole('button', { name: 'Paused' }).click();
  await eventually(async () => (await page.getByRole('row').count()) === before + 1);
});

it.each(['light', 'dark'] as const)(
  'sends those again that are chosen (%s)',
  async (colorScheme) => {
    const { page, problems } = await ui.openSignedIn({ colorScheme });
    await page.goto('/deliveries?action=BookingCreate');
    await page.getByRole('checkbox', { name: 'Select all that are shown' }).check();
    await page.getByText('2 deliveries selected').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    const requests = receiver.requests.length;
    await page.getByRole('button', { name: 'Send again' }).click();
    await page.getByText('2 deliveries are being sent again.').waitFor();
    await receiver.waitFor(requests + 2);
    await page.getByText('selected').waitFor({ state: 'detached' });
    expect(problems()).toEqual([]);
  },
);

it('says why some of those that are chosen are not sent again', async () => {
  const off = await ui.posthorn.webhooks.create({
    name: 'Resting',
    actions: ['BookingDelete'],
    url: receiver.url,
    active: false,
  });
  await ui.posthorn.events.report('BookingDelete', { Id: 4 });
  const { page, problems } = await ui.openSignedIn();
  await page.goto(`/deliveries?webhook=${off.id}`);
  await page.getByText('until its webhook is switched on').waitFor();
  await page.getByRole('checkbox', { name: 'Select BookingDelete for Resting' }).check();
  await page.getByRole('button', { name: 'Send again' }).click();
  await page.getByText('1 not: Its webhook is switched off: switch it on first.').waitFor();
  expect(problems()).toEqual([]);
});

it.each(['light', 'dark'] as const)(
  'shows every call of one delivery (%s)',
  async (colorScheme) => {
    status = 404;
    const webhook = await ui.posthorn.webhooks.create({
      name: 'Far away',
      actions: ['CoworkerInvoiceCreate'],
      url: `${receiver.url}/hook`,
    });
    const record = `{"Id":12345678901234567890,"Total":1.10,"Name":${JSON.stringify(HOSTILE)}}`;
    await ui.posthorn.events.report('CoworkerInvoiceCreate', record);
    const [delivery] = await eventually(async () => {
      const found = await deliveriesOf(webhook.id);
      return found[0]?.attempts === 1 && found;
    });

    const { page, context, problems } = await ui.openSignedIn({ colorScheme });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(`/deliveries/${delivery!.id}`);
    await page.getByRole('heading', { name: 'CoworkerInvoiceCreate' }).waitFor();
    await page.getByText(/The call to 127\.0\.0\.1:\d+ failed/).waitFor();
    await page.getByText('There is nothing at this path of the receiver.').waitFor();
    await page.getByText(/for its next call, in \d+ s/).waitFor();
    await page.getByText('Waiting for the answer', { exact: true }).waitFor();

    const shown = page.getByRole('region', { name: 'The record' });
    await shown.getByText('12345678901234567890').first().waitFor();
    await shown.getByText('1.10').first().waitFor();
    await page.getByText('<script>alert(1)</script>').first().waitFor();
    await page.getByText('U+0000', { exact: true }).first().waitFor();
    await page
      .getByText(/^\d+ headers?$/)
      .first()
      .click();
    await page.getByText('<b>bold</b>').waitFor();
    expect(await axeViolations(page)).toEqual([]);

    await page.getByRole('button', { name: 'Copy as curl' }).click();
    await page.getByText('Copied').waitFor();
    const copied = await page.evaluate('navigator.clipboard.readText()');
    expect(copied).toContain(`curl -i -g -X POST '${receiver.url}/hook'`);
    expect(copied).toContain(`-H 'webhook-id: ${delivery!.id}'`);
    expect(copied).toContain('"Id":12345678901234567890');

    status = 200;
    await page.getByRole('button', { name: 'Send again' }).click();
    await page.getByRole('button', { name: /Call 2\s*answered 200/ }).waitFor();
    await page.getByText('Delivered', { exact: true }).waitFor();
    expect(problems()).toEqual([]);
    await ui.posthorn.webhooks.delete(webhook.id);
  },
);

it('says so of a delivery that is not there', async () => {
  const { page } = await ui.openSignedIn();
  await page.goto('/deliveries/msg_nothing');
  await page.getByRole('heading', { name: 'There is no such delivery' }).waitFor();
  expect(await axeViolations(page)).toEqual([]);
});

it('can be used on a phone', async () => {
  const { page, problems } = await ui.openSignedIn({
    ...PHONE,
    viewport: { width: 375, height: 812 },
  });
  await page.goto('/deliveries');
  await page.getByRole('link', { name: 'BookingCreate' }).first().waitFor();
  const width = () => page.evaluate('document.documentElement.scrollWidth');
  expect(await width()).toBe(375);
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('link', { name: 'BookingCreate' }).first().click();
  await page.getByText('How long it took').waitFor();
  expect(await width()).toBe(375);
  expect(await axeViolations(page)).toEqual([]);
  expect(problems()).toEqual([]);
});

import { openReceiver } from '@posthorn/testkit/receivers';
import { eventually } from '@posthorn/testkit/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeInBothColours } from './axe.ts';
import { PHONE } from './browser.ts';
import { openUi, type Ui } from './ui.ts';

let ui: Ui;
beforeAll(async () => void (ui = await openUi()));
afterAll(() => ui.close());

it('leads to the first webhook, then to the first event', async () => {
  const { page, problems } = await ui.openSignedIn();
  await page.goto('/');
  await page.getByRole('heading', { name: 'No webhooks yet' }).waitFor();
  await page.getByText('npm run demo').waitFor();
  const create = page.getByRole('link', { name: 'Create a webhook' });
  expect(await create.getAttribute('href')).toBe('/webhooks/new');
  expect(await axeInBothColours(page)).toEqual([]);

  // Seen without a reload.
  const receiver = await openReceiver();
  await ui.posthorn.webhooks.create({ name: 'Books', actions: ['*'], url: receiver.url });
  await page.getByRole('heading', { name: 'Nothing has taken place in the last day' }).waitFor();
  await page.getByRole('link', { name: 'Delivering: 1' }).waitFor();
  await page.getByText('None: nothing fails').waitFor();
  await page.getByRole('link', { name: 'Report an event' }).click();
  await page.waitForURL('**/events/report');
  await receiver.close();
  expect(problems()).toEqual([]);
});

it('counts, and names the webhooks that need somebody', async () => {
  const dead = await openReceiver({ answer: () => 500 });
  const name = 'Door <img src=x onerror=alert(1)>';
  const { id } = await ui.posthorn.webhooks.create({
    name,
    actions: ['TeamCreated'],
    url: dead.url,
    location: 7,
  });
  await ui.posthorn.events.report('TeamCreated', { Id: 1 }, { location: 7 });
  await dead.waitFor(1);

  const { page, problems } = await ui.openSignedIn();
  await page.goto('/?span=day');
  const troubled = page.getByRole('listitem').filter({ hasText: name });
  await troubled.getByText('Failing').waitFor();
  await troubled.getByText(/\d events? (is|are) waiting/).waitFor();
  expect(await page.getByRole('link', { name }).getAttribute('href')).toBe(`/webhooks/${id}`);
  expect(await axeInBothColours(page)).toEqual([]);

  await page.getByText('Minute', { exact: true }).click();
  await page.waitForURL('**/?span=minute');
  await page.reload();
  await troubled.waitFor();
  expect(await page.getByRole('radio', { name: 'Minute' }).isChecked()).toBe(true);
  expect(problems()).toEqual([]);
  await dead.close();
});

it('leads from what it counts to the lists of that', async () => {
  const gone = await openReceiver({ answer: () => 410 });
  const { id } = await ui.posthorn.webhooks.create({
    name: 'Former agency',
    actions: ['BookingDelete'],
    url: gone.url,
  });
  await ui.posthorn.events.report('BookingDelete', { Id: 1 });
  await eventually(async () => (await ui.posthorn.webhooks.get(id)).state === 'disabled');
  await gone.close();

  const { page, problems } = await ui.openSignedIn();
  const link = (name: RegExp) => page.getByRole('link', { name });
  const row = (name: string) => page.getByRole('row').filter({ hasText: name });
  await page.goto('/');
  await link(/^Switched off by failures: 1$/).click();
  await page.waitForURL('**/webhooks?state=disabled');
  await row('Former agency').waitFor();
  await page.goBack();
  await link(/^Held: 1$/).click();
  await page.waitForURL('**/deliveries?state=held');
  await row('Former agency').getByText('Held').waitFor();
  await page.goBack();
  await link(/^To be sent: \d+$/).click();
  await page.waitForURL('**/deliveries?state=due');
  await row('Door').getByText('Waiting').waitFor();
  expect(problems()).toEqual([]);
});

it('can be used on a phone', async () => {
  const { page, problems } = await ui.openSignedIn(PHONE);
  await page.goto('/');
  await page.getByText('Median answer time').waitFor();
  await page.getByRole('heading', { name: 'Waiting' }).waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  expect(await axeInBothColours(page)).toEqual([]);
  expect(problems()).toEqual([]);
});

import { openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import { eventually } from '@posthorn/testkit/server';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { axeViolations } from './axe.ts';
import { PHONE } from './browser.ts';
import { openUi, type Ui } from './ui.ts';

let ui: Ui;
let receiver: Receiver;
let status = 200;
beforeAll(async () => {
  receiver = await openReceiver({ answer: () => status });
  ui = await openUi();
});
afterAll(async () => {
  await ui.close();
  await receiver.close();
});

afterEach(() => void (status = 200));

let lastLocation = 0;
/** A webhook at a location and an address of its own, and how something takes place there. */
async function open(name: string) {
  const location = ++lastLocation;
  const target = `/${location}`;
  const { id } = await ui.posthorn.webhooks.create({
    name,
    actions: ['BookingCreate'],
    url: receiver.url + target,
    location,
  });
  return {
    id,
    path: `/webhooks/${id}`,
    /** Its own calls: those of the other tests' webhooks may be tried again at any time. */
    calls: () => receiver.requests.filter((request) => request.path === target).length,
    report: () => ui.posthorn.events.report('BookingCreate', { Id: 1 }, { location }),
  };
}

it.each(['light', 'dark'] as const)(
  'shows how a webhook fares, as it happens (%s)',
  async (colorScheme) => {
    const { path, report, id } = await open('Doors of the Old Mill');
    const { page, problems } = await ui.openSignedIn({ colorScheme });
    await page.goto(path);
    await page.getByRole('heading', { name: 'Doors of the Old Mill' }).waitFor();
    await page.getByText('No calls in this time').waitFor();
    await page.getByRole('heading', { name: 'Nothing was sent yet' }).waitFor();
    await page.getByRole('button', { name: 'Live' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);

    await report();
    await page.getByRole('cell', { name: 'Delivered' }).waitFor();
    await eventually(async () => (await ui.posthorn.webhooks.health(id)).totals.calls === 1);
    await page.getByText('Hour', { exact: true }).click();
    await page.waitForURL(/span=hour/);
    await page.getByText('The same as a table').click();
    await page.getByRole('table', { name: 'Health' }).waitFor();
    await page.getByText('Calls by outcome').waitFor();
    await page.locator('.recharts-bar-rectangle path').first().waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect(problems()).toEqual([]);
  },
);

it('loads what draws only where something is drawn', async () => {
  const { path, report } = await open('Quiet');
  const { page } = await ui.openSignedIn();
  const charts: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('health-charts')) charts.push(request.url());
  });
  await page.goto(path);
  await page.getByText('No calls in this time').waitFor();
  expect(charts).toEqual([]);
  await report();
  await page.getByText('Calls by outcome').waitFor({ timeout: 20_000 });
  expect(charts).not.toEqual([]);
});

it('says what is wrong with one that fails, and when it is tried again', async () => {
  status = 503;
  const { path, report } = await open('Calendar');
  await report();
  const { page, problems } = await ui.openSignedIn();
  await page.goto(path);
  await page.getByText('Failing', { exact: true }).waitFor();
  await page.getByText(/The last error:.*503/).waitFor();
  await page.getByText(/for its next call, in \d+ s/).waitFor();
  await page.locator('label').filter({ hasText: 'Waiting' }).click();
  await page.waitForURL(/show=waiting/);
  await page.getByRole('link', { name: 'BookingCreate' }).last().waitFor();
  await page.locator('label').filter({ hasText: 'Delivered' }).click();
  await page.getByRole('heading', { name: 'None in this state' }).waitFor();
  expect(problems()).toEqual([]);
});

it('holds what takes place while it is paused, and sends it when it is switched on', async () => {
  const { path, report, calls } = await open('Paused');
  const { page, problems } = await ui.openSignedIn();
  await page.goto(path);
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('Switched off', { exact: true }).waitFor();
  await report();
  await report();
  await page.getByText('2 events are waiting').waitFor();
  await page.getByText('until its webhook is switched on').first().waitFor();

  expect(calls()).toBe(0);
  await page.getByRole('button', { name: 'Switch on' }).click();
  await page.getByText('2 deliveries were held').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Send 2 deliveries' }).click();
  await eventually(() => calls() === 2);
  await page.getByText('Delivering', { exact: true }).waitFor();
  await eventually(async () => (await page.getByRole('cell', { name: 'Delivered' }).count()) === 2);
  expect(problems()).toEqual([]);
});

it('drops what was held, on a word', async () => {
  const { path, report, id, calls } = await open('Dropped');
  await ui.posthorn.webhooks.change(id, { active: false });
  await report();
  const { page } = await ui.openSignedIn();
  await page.goto(path);
  await page.getByRole('button', { name: 'Switch on' }).click();
  await page.getByRole('button', { name: 'Drop what was held' }).click();
  await page.getByText('Delivering', { exact: true }).waitFor();
  await page.getByText('when its webhook was switched on').waitFor();
  expect(calls()).toBe(0);
});

it('sends a test, and shows its call and answer', async () => {
  const { path } = await open('Tested');
  const { page, problems } = await ui.openSignedIn();
  await page.goto(path);
  await page.getByRole('button', { name: 'Send test' }).click();
  await page.waitForURL(/\/deliveries\/msg_/);
  await page.getByText('This was a test with a sample record.').waitFor();
  await page.getByRole('button', { name: /Call 1\s*answered 200/ }).waitFor();
  expect(problems()).toEqual([]);
});

it('is deleted after a question, with the keyboard alone', async () => {
  const { path, id } = await open('Old');
  const { page, problems } = await ui.openSignedIn();
  await page.goto(path);
  await page.getByRole('button', { name: 'More' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Delete' }).press('Enter');
  await page.getByText('“Old” gets no further calls.').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Delete webhook' }).press('Enter');
  await page.waitForURL('**/webhooks');
  await page.getByText('The webhook was deleted.').waitFor();
  await expect(ui.posthorn.webhooks.get(id)).rejects.toMatchObject({ code: 'not_found' });
  expect(problems()).toEqual([]);
});

it.each(['/webhooks/999999', '/webhooks/nothing'])(
  'says that there is none at %s',
  async (path) => {
    const { page } = await ui.openSignedIn();
    await page.goto(path);
    await page.getByRole('heading', { name: 'There is no such webhook' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
  },
);

it('can be used on a phone', async () => {
  const { path, report } = await open('On a phone');
  await report();
  const { page, problems } = await ui.openSignedIn({
    ...PHONE,
    viewport: { width: 375, height: 812 },
  });
  await page.goto(path);
  await page.getByRole('cell', { name: 'Delivered' }).waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375);
  expect(await axeViolations(page)).toEqual([]);
  expect(problems()).toEqual([]);
});

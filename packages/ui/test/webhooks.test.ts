import { openReceiver } from '@posthorn/testkit/receivers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeViolations } from './axe.ts';
import { PHONE } from './browser.ts';
import { openUi, type Ui } from './ui.ts';

let ui: Ui;
beforeAll(async () => void (ui = await openUi()));
afterAll(() => ui.close());

const url = 'http://127.0.0.1:4999/hook';

it('says that there are none, and what to do then', async () => {
  const { page, problems } = await ui.openSignedIn();
  await page.goto('/webhooks');
  await page.getByRole('heading', { name: 'No webhooks yet' }).waitFor();
  expect(await axeViolations(page)).toEqual([]);
  expect(problems()).toEqual([]);
});

it('shows names of strangers as text', async () => {
  const name = '<script>alert(1)</script> \u202Efdp.exe';
  const { id } = await ui.posthorn.webhooks.create({ name, actions: ['*'], url });
  const { page, problems } = await ui.openSignedIn();
  await page.goto('/webhooks');
  await page.getByText('<script>alert(1)</script>').waitFor();
  await page.getByText('U+202E', { exact: true }).waitFor();
  expect(problems()).toEqual([]);
  await ui.posthorn.webhooks.delete(id);
});

it('keeps its filters in the address', async () => {
  await ui.posthorn.webhooks.create({
    name: 'Bookings',
    actions: ['BookingCreate'],
    url,
    location: 7,
  });
  await ui.posthorn.webhooks.create({
    name: 'Members',
    actions: ['CoworkerCreate'],
    url,
    active: false,
  });
  const { page, problems } = await ui.openSignedIn();
  await page.goto('/webhooks');
  await page.getByText('Bookings').waitFor();
  await page.getByRole('cell', { name: 'Switched off by a person at' }).waitFor();

  await page.getByRole('combobox', { name: 'State' }).click();
  await page.getByRole('option', { name: 'Delivering' }).click();
  await page.waitForURL('**/webhooks?state=healthy');
  await page.getByText('Members').waitFor({ state: 'detached' });
  expect(await axeViolations(page)).toEqual([]);

  await page.reload();
  await page.getByText('Bookings').waitFor();
  expect(await page.getByText('Members').count()).toBe(0);
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByText('Members').waitFor();
  expect(problems()).toEqual([]);
});

it('finds webhooks by words of their name or URL, and by their location', async () => {
  await ui.posthorn.locations.put(7, { name: 'Old Mill' });
  const { page, problems } = await ui.openSignedIn();
  await page.goto('/webhooks');
  await page.getByRole('searchbox', { name: 'Search' }).fill('booking');
  await page.waitForURL('**/webhooks?q=booking');
  await page.getByText('Members').waitFor({ state: 'detached' });
  await page.getByRole('searchbox', { name: 'Search' }).fill('');
  await page.getByText('Members').waitFor();

  await page.getByRole('combobox', { name: 'Location' }).fill('mill');
  await page.getByRole('option', { name: 'Old Mill (7)' }).click();
  await page.waitForURL('**/webhooks?location=7');
  await page.getByText('Members').waitFor({ state: 'detached' });
  await page.getByRole('cell', { name: 'Old Mill (7)' }).waitFor();

  // One that nobody has mentioned so far.
  await page.getByRole('combobox', { name: 'Location' }).fill('4711');
  await page.getByRole('option', { name: 'Location 4711' }).click();
  await page.getByText('No webhook fits').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  expect(problems()).toEqual([]);
});

it('tells how each of them fares, as it changes', async () => {
  const receiver = await openReceiver({ answer: () => (isWell ? 200 : 500) });
  let isWell = false;
  try {
    const { page, problems } = await ui.openSignedIn({ colorScheme: 'dark' });
    await page.goto('/webhooks?q=calendar');
    await page.getByText('No webhook fits').waitFor();
    const { id } = await ui.posthorn.webhooks.create({
      name: 'Calendar',
      actions: ['BookingDelete'],
      url: receiver.url,
    });
    const row = page.getByRole('row', { name: 'Calendar' });
    await row.getByText('Delivering').waitFor();
    await row.getByText('never').waitFor();
    await row.getByRole('img', { name: 'No calls in the last 24 hours' }).waitFor();

    await ui.posthorn.events.report('BookingDelete', { Id: 1 });
    await row.getByText(/since \d\d:\d\d, next try in \d+ s: 1 event is waiting/).waitFor();
    await row.getByText('Last error: The receiver answered 500').waitFor();
    await row
      .getByRole('img', { name: /calls? in the last 24 hours, \d of them failed/ })
      .waitFor({ timeout: 15_000 });
    expect(await axeViolations(page)).toEqual([]);

    await ui.posthorn.webhooks.change(id, { active: false });
    await row.getByText(/by a person at \d\d:\d\d: 1 event is waiting/).waitFor();
    isWell = true;
    await ui.posthorn.webhooks.change(id, { active: true });
    await row.getByText('Delivering').waitFor();
    await ui.posthorn.webhooks.delete(id);
    await page.getByText('No webhook fits').waitFor();
    expect(problems()).toEqual([]);
  } finally {
    await receiver.close();
  }
});

it('has thousands of rows without having them all in the page', async () => {
  const numbers = Array.from({ length: 250 }, (_, n) => n);
  await Promise.all(
    numbers.map((n) => ui.posthorn.webhooks.create({ name: `Hook ${n}`, actions: ['*'], url })),
  );
  const { page, problems } = await ui.openSignedIn();
  await page.goto('/webhooks');
  for (const loaded of [100, 200]) {
    await page.getByText(`${loaded} rows so far`).waitFor();
    await page.getByRole('button', { name: 'Load more' }).click();
  }
  await page.getByText('252 rows, that is all').scrollIntoViewIfNeeded();
  await page
    .getByText(/^Hook /)
    .first()
    .waitFor();
  expect(await page.getByRole('row').count()).toBeLessThan(60);
  expect(problems()).toEqual([]);
});

it('does not give up the next page for news that come while it is read', async () => {
  // The last row of the first page: the button below it scrolls it into the window.
  const row = (await ui.posthorn.webhooks.list().take(100)).at(-1)!;
  const { page, problems } = await ui.openSignedIn();
  await page.clock.install();
  await page.goto('/webhooks');
  await page.getByText('100 rows so far').waitFor();

  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  await page.route('**/v1/webhooks?*cursor=*', async (route) => {
    await released;
    await route.continue();
  });
  await page.getByRole('button', { name: 'Load more' }).click();
  await ui.posthorn.webhooks.change(row.id, { name: 'Renamed meanwhile' });
  await page.getByText('Renamed meanwhile').waitFor();
  // Past the moment at which the list is read again for that.
  await page.clock.runFor(5000);
  release();
  await page.getByText('200 rows so far').waitFor();
  expect(problems()).toEqual([]);
});

it('can be used on a phone', async () => {
  const { page, problems } = await ui.openSignedIn(PHONE);
  await page.goto('/');
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('link', { name: 'Webhooks' }).click();
  await page.getByText('Bookings').waitFor();
  // Nothing sticks out at the side.
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  expect(await axeViolations(page)).toEqual([]);
  expect(problems()).toEqual([]);
});

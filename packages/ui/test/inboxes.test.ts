import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeViolations } from './axe.ts';
import { PHONE } from './browser.ts';
import { openUi, type Ui } from './ui.ts';

let ui: Ui;
beforeAll(async () => void (ui = await openUi()));
afterAll(() => ui.close());

const post = (url: string, body: string, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', body, headers });

it('is made from the empty list, and shows what arrives as it arrives', async () => {
  const { page, problems } = await ui.openSignedIn();
  await page.goto('/inboxes');
  await page.getByRole('heading', { name: 'No inbox yet' }).waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'New inbox' }).click();
  await page.getByRole('heading', { name: 'Nothing has arrived yet' }).waitFor();
  expect(await axeViolations(page)).toEqual([]);

  const [inbox] = await ui.posthorn.inboxes.list().take(1);
  await post(inbox!.url, '[{"Id":12345678901234567890}]', { 'posthorn-action': 'BookingCreate' });
  await page.getByText('Shows what arrives, as it arrives.').waitFor();
  const list = page.getByRole('list', { name: 'Requests' });
  await list.getByText('BookingCreate').waitFor();
  await page.getByText('12345678901234567890').waitFor();
  await page.getByText('There is nothing to check with').first().waitFor();

  // The newest is shown, until one is chosen; that stands in the address.
  await ui.posthorn.secrets.set('default', 'a secret that nobody guesses');
  await post(inbox!.url, 'not JSON', { 'webhook-signature': 'v1,AAAA' });
  await page.getByRole('heading', { name: 'Request 2' }).waitFor();
  await list.getByText('Wrong signature').waitFor();
  await page.getByText('This is not JSON').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await list.getByRole('link', { name: 'Request 1' }).click();
  await page.waitForURL('**?request=1');
  await page.reload();
  await page.getByRole('heading', { name: 'Request 1' }).waitFor();
  await page.getByText('Raw', { exact: true }).click();
  await page.getByText('[{"Id":12345678901234567890}]').waitFor();
  expect(problems()).toEqual([]);
});

it('shows hostile requests as text, on a phone as well, in the dark', async () => {
  const inbox = await ui.posthorn.inboxes.create();
  const body = `<script>alert(1)</script>\0\u202E${'x'.repeat(200_000)}`;
  await post(inbox.url, body, { 'posthorn-action': '<img src=x onerror=alert(1)>' });
  const { page, problems } = await ui.openSignedIn({ ...PHONE, colorScheme: 'dark' });
  await page.goto(`/inboxes/${inbox.id}`);
  await page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
  await page.getByText('<script>alert(1)</script>').waitFor();
  await page.getByText('U+202E', { exact: true }).waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  expect(await axeViolations(page)).toEqual([]);
  expect(problems()).toEqual([]);
});

it('is deleted after asking, and says so to those who still have its address', async () => {
  const inbox = await ui.posthorn.inboxes.create();
  const { page, problems } = await ui.openSignedIn();
  await page.goto(`/inboxes/${inbox.id}`);
  await page.getByRole('button', { name: 'Delete inbox' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('What arrived goes with it').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Delete inbox' }).click();
  await page.waitForURL('**/inboxes');
  await page.getByRole('table', { name: 'Inbox' }).waitFor();
  expect(await page.getByText(inbox.url).count()).toBe(0);
  await page.goto(`/inboxes/${inbox.id}`);
  await page.getByRole('heading', { name: 'There is no such inbox' }).waitFor();
  expect(await axeViolations(page)).toEqual([]);
  expect(problems()).toEqual([]);
});

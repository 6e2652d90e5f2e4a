import { createHmac } from 'node:crypto';
import { openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeViolations } from './axe.ts';
import { PHONE } from './browser.ts';
import { ADA, openUi, type Ui } from './ui.ts';

let ui: Ui;
let receiver: Receiver;
beforeAll(async () => {
  [ui, receiver] = await Promise.all([openUi(), openReceiver()]);
  await ui.posthorn.locations.put(7, { name: 'Old Mill' });
  await ui.posthorn.apps.create({ name: 'Door system' });
  await ui.posthorn.webhooks.create({ name: 'Members', actions: ['*'], url: receiver.url });
});
afterAll(async () => {
  await ui.close();
  await receiver.close();
});

const FIRST = 'a tern flies over the sea';
const SECOND = 'a tern flies back again';

const dialog = (page: Page) => page.getByRole('dialog');
const secretOf = (page: Page, scope: string) =>
  page.getByRole('listitem').filter({ hasText: scope });

async function nextCall() {
  const before = receiver.requests.length;
  await ui.posthorn.events.report('CoworkerCreate', { Id: 1 });
  await receiver.waitFor(before + 1);
  return receiver.requests[before]!;
}

it('says that calls are not signed, and has a secret typed, with its weakness told', async () => {
  const { page, problems } = await ui.openSignedIn();
  await page.goto('/settings/integrations');
  await page.getByText('are sent without a signature').waitFor();
  await page.getByRole('link', { name: 'Members' }).waitFor();
  expect(await axeViolations(page)).toEqual([]);

  await page.getByRole('button', { name: 'Set a secret' }).click();
  const secret = dialog(page).getByRole('textbox', { name: 'Secret' });
  await dialog(page).getByRole('button', { name: 'Save the secret' }).click();
  await dialog(page).getByText('Type a secret, or have one generated.').waitFor();
  await secret.fill('short');
  await dialog(page).getByText('Easy to guess').waitFor();
  expect(await axeViolations(page)).toEqual([]);

  // What the service refuses is said at the field.
  await secret.fill('whsec_this is no base64');
  await dialog(page).getByRole('button', { name: 'Save the secret' }).click();
  await dialog(page).getByText('it must be standard base64').waitFor();

  await secret.fill(FIRST);
  await dialog(page).getByText('Hard to guess').waitFor();
  await dialog(page).getByRole('button', { name: 'Save the secret' }).click();
  await secretOf(page, 'Default').getByText('Set since').waitFor();
  expect(await page.getByText(FIRST).count()).toBe(0);

  const { headers, body } = await nextCall();
  const signature = createHmac('sha256', FIRST).update(body).digest('hex').toUpperCase();
  expect(headers['x-nexudus-hook-signature']).toBe(signature);
  expect(problems()).toEqual([]);
});

it('replaces it beside the old one, and says which header keeps that', async () => {
  const { page, problems } = await ui.openSignedIn({ colorScheme: 'dark' });
  await page.goto('/settings/integrations');
  await secretOf(page, 'Default').getByRole('button', { name: 'Replace' }).click();
  await dialog(page).getByText('Keeps the old one').waitFor();
  await dialog(page).getByText('it does not keep the old one').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await dialog(page).getByRole('combobox', { name: 'How long the old one signs' }).click();
  await page.getByRole('option', { name: '1 week' }).click();
  await dialog(page).getByRole('textbox', { name: 'Secret' }).fill(SECOND);
  await dialog(page).getByRole('button', { name: 'Replace the secret' }).click();
  await secretOf(page, 'Default').getByText('The one before signs as well until').waitFor();
  expect(await axeViolations(page)).toEqual([]);

  const { headers, body } = await nextCall();
  const signature = createHmac('sha256', SECOND).update(body).digest('hex').toUpperCase();
  expect(headers['x-nexudus-hook-signature']).toBe(signature);
  expect(String(headers['webhook-signature']).split(' ')).toHaveLength(2);
  expect(problems()).toEqual([]);
});

it('reveals it to whoever knows their password, and forgets it when closed', async () => {
  const { page, problems } = await ui.openSignedIn();
  await page.goto('/settings/integrations');
  await secretOf(page, 'Default').getByRole('button', { name: 'Reveal' }).click();
  const password = dialog(page).getByRole('textbox', { name: 'Your password' });
  await password.fill('not the password');
  await password.press('Enter');
  await dialog(page).getByText('This password is not right').waitFor();
  expect(await axeViolations(page)).toEqual([]);

  await password.fill(ADA.password);
  await password.press('Enter');
  await dialog(page).getByText(SECOND).waitFor();
  await dialog(page).getByText(FIRST).waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await dialog(page).getByRole('button', { name: 'Close', exact: true }).last().click();
  await dialog(page).waitFor({ state: 'detached' });
  expect(await page.getByText(SECOND).count()).toBe(0);
  expect(problems()).toEqual([]);
});

it('gives a location a generated secret of its own, and takes it away again', async () => {
  const { page, problems } = await ui.openSignedIn(PHONE);
  await page.goto('/settings/integrations');
  await page.getByRole('button', { name: 'Add for a location or app' }).click();
  await dialog(page).getByRole('combobox', { name: 'Location' }).fill('mill');
  await page.getByRole('option', { name: 'Old Mill (7)' }).click();
  expect(await axeViolations(page)).toEqual([]);
  await dialog(page).getByRole('button', { name: 'Go on' }).click();
  await dialog(page).getByRole('button', { name: 'Generate' }).click();
  const made = await dialog(page).getByRole('textbox', { name: 'Secret' }).inputValue();
  expect(made).toMatch(/^whsec_.{44}$/);
  await dialog(page).getByRole('button', { name: 'Save the secret' }).click();
  const row = secretOf(page, 'Old Mill (7)');
  await row.getByText('Set since').waitFor();
  // Nothing sticks out at the side.
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  expect(await ui.posthorn.secrets.get('location:7')).toMatchObject({ isSet: true });

  await row.getByRole('button', { name: 'Delete' }).click();
  await dialog(page).getByText('the default signs the calls of this location').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await dialog(page).getByRole('button', { name: 'Delete the secret' }).click();
  await row.waitFor({ state: 'detached' });
  expect(await ui.posthorn.secrets.get('location:7')).toMatchObject({ isSet: false });
  expect(problems()).toEqual([]);
});

it('shows no secrets and no way to change anything to those who only look', async () => {
  const { link } = await ui.posthorn.people.create({
    name: 'Max Viewer',
    email: 'max@example.com',
    role: 'viewer',
    locations: null,
  });
  const { page, context, problems } = await ui.open();
  const token = new URL(link).searchParams.get('token');
  const joined = await context.request.post('/v1/join', {
    data: { token, password: ADA.password },
  });
  expect(joined.ok()).toBe(true);
  await page.goto('/settings/integrations');
  await page.getByRole('link', { name: 'Members' }).waitFor();
  await page.getByText('Operators can see and change it').waitFor();
  for (const name of ['Replace', 'Reveal', 'Delete', 'Create webhook', 'Add for'])
    expect(await page.getByRole('button', { name }).count()).toBe(0);
  expect(await page.getByRole('link', { name: 'Create webhook' }).count()).toBe(0);
  expect(await axeViolations(page)).toEqual([]);
  expect(problems()).toEqual([]);
});

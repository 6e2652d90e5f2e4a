import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient } from '@posthorn/sdk';
import { axeViolations } from './axe.ts';
import { PHONE } from './browser.ts';
import { openUi, type Ui } from './ui.ts';

let ui: Ui;
beforeAll(async () => void (ui = await openUi()));
afterAll(() => ui.close());

it('creates a key that may do what was chosen and is shown once, replaces and revokes it', async () => {
  const { page, problems } = await ui.openSignedIn();
  await page.goto('/settings/keys');
  await page.getByText('A program that reports events').waitFor();
  await page.getByRole('button', { name: 'Create key' }).click();
  await page.getByRole('button', { name: 'Create key' }).last().click();
  await page.getByText('Type a name').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await page.getByLabel('Name').fill('Booking system');
  await page.getByRole('combobox', { name: 'Location' }).fill('7');
  await page.getByRole('option', { name: 'Location 7' }).click();
  await page.getByLabel('Good until').fill('2020-01-01');
  await page.getByRole('button', { name: 'Create key' }).last().click();
  await page.getByText('is not a time to come').waitFor();
  await page.getByLabel('Good until').fill('2099-01-01');
  await page.getByRole('button', { name: 'Create key' }).last().click();

  const shown = page.getByRole('group', { name: 'API key' }).getByRole('code');
  const key = await shown.innerText();
  const client = createClient({ url: ui.server.url, key });
  await client.events.report('BookingCreate', { Id: 1 }, { location: 7 });
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Done', exact: true }).click();
  await page.getByRole('cell', { name: 'Report events Location 7' }).waitFor();
  expect(await page.getByText(key).count()).toBe(0);

  const menu = page.getByRole('button', { name: 'What can be done with Booking system' });
  await menu.click();
  await page.getByRole('menuitem', { name: 'Replace' }).click();
  await page.getByRole('button', { name: 'Replace' }).click();
  expect(await shown.innerText()).not.toBe(key);
  await page.getByRole('button', { name: 'Done', exact: true }).click();
  await page.getByText('Replaced').waitFor();
  expect(await axeViolations(page)).toEqual([]);

  for (const left of [1, 0]) {
    await menu.first().click();
    await page.getByRole('menuitem', { name: 'Revoke' }).click();
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => menu.count()).toBe(left);
  }
  await expect(client.events.report('BookingCreate', {}, { location: 7 })).rejects.toMatchObject({
    code: 'unauthorized',
  });
  expect(problems()).toEqual([]);
});

it('creates an app with a key, and deletes both', async () => {
  const { page, problems } = await ui.openSignedIn({ ...PHONE, colorScheme: 'dark' });
  await page.goto('/settings/keys');
  await page.getByRole('button', { name: 'Create app' }).click();
  await page.getByLabel('Name').fill('Door system');
  await page.getByRole('dialog').getByRole('button', { name: 'Create app' }).click();
  const menu = page.getByRole('button', { name: 'What can be done with Door system' });
  await menu.click();
  await page.getByRole('menuitem', { name: 'Create key' }).click();
  await page.getByLabel('Name').fill('Door one');
  expect(await page.getByRole('checkbox', { name: 'Everything' }).count()).toBe(0);
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Create key' }).last().click();
  await page.getByRole('button', { name: 'Done', exact: true }).click();
  await page.getByText('of the app Door system').waitFor();
  // Nothing sticks out at the side.
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);

  await menu.click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByText('Door one').waitFor({ state: 'detached' });
  expect(await axeViolations(page)).toEqual([]);
  expect(problems()).toEqual([]);
});

it('tells who did it in the audit, narrows it, and exports what is left', async () => {
  const { page, problems } = await ui.openSignedIn();
  await page.goto('/settings/audit');
  await page.getByRole('cell', { name: 'API key replaced' }).waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('combobox', { name: 'What' }).click();
  await page.getByRole('option', { name: 'App deleted' }).click();
  await page.waitForURL('**/settings/audit?what=app.deleted');
  await page.getByText('1 row, that is all').waitFor();

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export' }).click(),
  ]);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { what: string }).what)).toEqual(['app.deleted']);

  await page.getByLabel('Up to and with').fill('2020-01-01');
  await page.getByText('Nothing fits').waitFor();
  await page.reload();
  await page.getByText('Nothing fits').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByRole('cell', { name: 'API key replaced' }).waitFor();
  expect(problems()).toEqual([]);
});

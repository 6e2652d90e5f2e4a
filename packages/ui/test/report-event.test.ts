import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeInBothColours } from './axe.ts';
import { PHONE } from './browser.ts';
import { openUi, type Ui } from './ui.ts';

let ui: Ui;
beforeAll(async () => void (ui = await openUi()));
afterAll(() => ui.close());

const DIGITS = '12345678901234567890';

it('begins with the sample, points at what is wrong, and reports every digit', async () => {
  const { page, problems } = await ui.openSignedIn();
  await page.goto('/events/report');
  await page.getByText('Choose what took place').waitFor();
  expect(await axeInBothColours(page)).toEqual([]);

  await page.getByRole('combobox', { name: 'What took place' }).fill('team create');
  await page.getByRole('option', { name: 'Team Create' }).click();
  await page.waitForURL('**/events/report?action=TeamCreated');
  const record = recordOf(page);
  await page.getByText('Fits the schema').waitFor();
  expect(JSON.parse(await record.inputValue())).toHaveProperty('Name');
  expect(await axeInBothColours(page)).toEqual([]);

  await record.fill('{\n  "Id": ,\n}');
  await page.getByRole('button', { name: 'Line 2 From here on it is not JSON' }).click();
  expect(await record.evaluate('document.activeElement.selectionStart')).toBe(10);
  expect(await page.getByRole('button', { name: 'Report it' }).isDisabled()).toBe(true);
  expect(await axeInBothColours(page)).toEqual([]);

  await record.fill(`{\n  "Id": ${DIGITS},\n  "Name": 7\n}`);
  await page
    .getByRole('button', { name: /^Line 3 ?Name ?is a number, and should be text/ })
    .waitFor();
  expect(await axeInBothColours(page)).toEqual([]);
  await page.getByRole('combobox', { name: 'Location' }).fill('7');
  await page.getByRole('button', { name: 'Report it' }).click();
  await page.waitForURL('**/events/evt_*');
  await page.getByText('Reported. No webhook has asked for it.').waitFor();
  await page.getByText(DIGITS).waitFor();
  await page.getByText('Location 7').waitFor();
  expect(problems()).toEqual([]);
});

it('keeps what was typed when another action is chosen, and goes back to the sample', async () => {
  const { page, problems } = await ui.openSignedIn();
  await page.goto('/events/report?action=TeamCreated');
  await recordOf(page).fill('{"Id": 5}');
  await choose(page, 'Team Update', 'TeamUpdated');
  expect(await recordOf(page).inputValue()).not.toBe('{"Id": 5}');
  await choose(page, 'Team Create', 'TeamCreated');
  expect(await recordOf(page).inputValue()).toBe('{"Id": 5}');
  await page.getByRole('button', { name: 'Back to the sample' }).click();
  await page.getByText('Fits the schema').waitFor();
  expect(problems()).toEqual([]);
});

it('says what the service refuses, and can be used on a phone', async () => {
  const { page, problems } = await ui.openSignedIn(PHONE);
  await page.goto('/events/report?action=TeamCreated');
  await recordOf(page).fill(`{"Id": ${'['.repeat(70)}${']'.repeat(70)}}`);
  await page.getByRole('button', { name: 'Report it' }).click();
  await page.getByText('nested deeper than 64 levels').waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  expect(await axeInBothColours(page)).toEqual([]);
  expect(problems()).toEqual([]);
});

function recordOf(page: Page) {
  return page.getByRole('textbox', { name: /^The record/ });
}

async function choose(page: Page, label: string, action: string) {
  await page.getByRole('combobox', { name: 'What took place' }).fill(label);
  await page.getByRole('option', { name: label }).click();
  await page.waitForURL(`**/events/report?action=${action}`);
  await recordOf(page).waitFor();
}

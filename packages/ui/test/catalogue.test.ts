import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeInBothColours, axeViolations } from './axe.ts';
import { PHONE } from './browser.ts';
import { openUi, type Ui } from './ui.ts';

let ui: Ui;
beforeAll(async () => void (ui = await openUi({ POSTHORN_PUBLIC_CATALOGUE: 'on' })));
afterAll(() => ui.close());

describe('the catalogue', () => {
  it('finds an action, and leads to its fields, schema and sample', async () => {
    const { page, problems } = await ui.openSignedIn();
    await page.goto('/catalogue');
    await page.getByRole('searchbox', { name: 'Search' }).fill('booking 6');
    await page.waitForURL('**/catalogue?q=*');
    await page.getByRole('link', { name: 'Booking Create' }).click();
    await page.waitForURL('**/catalogue/BookingCreate');
    await fieldRow(page, 'FromTime').getByText('time', { exact: true }).waitFor();
    await fieldRow(page, 'FloorPlanDeskId').getByText('whole number or null').waitFor();
    await page.getByText('Room Oak', { exact: true }).waitFor();
    expect(await axeInBothColours(page)).toEqual([]);

    await page.getByRole('link', { name: 'Report one by hand' }).click();
    await page.waitForURL('**/events/report?action=BookingCreate');
    expect(problems()).toEqual([]);
  });

  it('links to a single field', async () => {
    const { page, problems } = await ui.openSignedIn(PHONE);
    await page.goto('/catalogue/BookingCreate#ToTime');
    const field = fieldRow(page, 'ToTime');
    await field.waitFor();
    expect(await field.getAttribute('data-meant')).toBe('true');
    expect(await field.boundingBox()).toMatchObject({ y: expect.closeTo(400, -3) });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await axeViolations(page)).toEqual([]);
    expect(problems()).toEqual([]);
  });

  it('says which action was probably meant', async () => {
    const { page, problems } = await ui.openSignedIn();
    await page.goto('/catalogue/BookingCreated');
    await page.getByText('Did you mean BookingCreate?').waitFor();
    expect(await axeInBothColours(page)).toEqual([]);
    expect(problems()).toEqual([]);
  });
});

describe('somebody who is not signed in', () => {
  it('reads it where the operator says so, and nothing else', async () => {
    const { page, problems } = await ui.open();
    await page.goto('/catalogue?q=visitor');
    await page.getByRole('link', { name: 'Visitor Registered' }).click();
    await page.getByRole('heading', { name: 'Fields of the record' }).waitFor();
    expect(await page.getByRole('link', { name: 'Report one by hand' }).count()).toBe(0);
    expect(await page.getByRole('navigation', { name: 'Main' }).count()).toBe(0);
    expect(await axeViolations(page)).toEqual([]);

    await page.goto('/events');
    await page.waitForURL('**/sign-in?**');
    await page.goto('/catalogue');
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.waitForURL('**/sign-in?next=*catalogue');
    expect(problems()).toEqual([]);
  });
});

function fieldRow(page: Page, field: string) {
  return page.locator(`#${field}`);
}

import { openReceiver } from '@posthorn/testkit/receivers';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeInBothColours } from './axe.ts';
import { PHONE } from './browser.ts';
import { openUi, type Ui } from './ui.ts';

let ui: Ui;
beforeAll(async () => void (ui = await openUi()));
afterAll(() => ui.close());

const DIGITS = '12345678901234567890';

describe('the list of events', () => {
  it('says that nothing took place, and leads to reporting by hand', async () => {
    const { page, problems } = await ui.openSignedIn();
    await page.goto('/events');
    await page.getByRole('heading', { name: 'Nothing has taken place yet' }).waitFor();
    expect(await axeInBothColours(page)).toEqual([]);
    await page.getByRole('link', { name: 'Report an event' }).last().click();
    await page.waitForURL('**/events/report');
    expect(problems()).toEqual([]);
  });

  it('shows what takes place while it is looked at, unless it was told to stand still', async () => {
    const { page, problems } = await ui.openSignedIn();
    await page.goto('/events');
    await page.getByText('Live', { exact: true }).waitFor();
    await ui.posthorn.events.report('BookingCreate', { Id: 1 }, { location: 7 });
    await row(page, 'BookingCreate').waitFor();
    expect(await axeInBothColours(page)).toEqual([]);

    const follow = page.getByRole('switch', { name: 'Show new events as they arrive' });
    await follow.uncheck({ force: true });
    await ui.posthorn.events.report('CoworkerCreate', { Id: 2 });
    await follow.check({ force: true });
    await row(page, 'CoworkerCreate').waitFor();
    const rows = page.getByRole('row');
    expect(await rows.nth(1).textContent()).toContain('CoworkerCreate');
    expect(await rows.nth(2).textContent()).toContain('Location 7');
    expect(problems()).toEqual([]);
  });

  it('keeps its filters in the address, and what does not fit stays out', async () => {
    const { page, problems } = await ui.openSignedIn();
    await page.goto('/events');
    await page.getByRole('combobox', { name: 'Action' }).fill('booking create');
    await page.getByRole('option', { name: 'Booking Create' }).click();
    await page.waitForURL('**/events?action=BookingCreate');
    await row(page, 'CoworkerCreate').waitFor({ state: 'detached' });

    await page.getByText('Live', { exact: true }).waitFor();
    await ui.posthorn.events.report('CoworkerCreate', { Id: 3 });
    await ui.posthorn.events.report('BookingCreate', { Id: 4 }, { location: 8 });
    await page.getByText('Location 8').waitFor();
    expect(await row(page, 'CoworkerCreate').count()).toBe(0);

    await page.reload();
    await page.getByText('2 rows, that is all').waitFor();
    // 31 December 2020, 22:00 UTC: the field shows the reader's zone.
    await page.goto('/events?to=2020-12-31T22:00:00.000Z');
    await page.getByText('No event fits').waitFor();
    expect(await page.getByLabel('Before').inputValue()).toBe('2020-12-31T23:00');
    await page.getByLabel('Before').fill('');
    await page.getByText('4 rows, that is all').waitFor();
    expect(problems()).toEqual([]);
  });

  it('can be used on a phone', async () => {
    const { page, problems } = await ui.openSignedIn(PHONE);
    await page.goto('/events');
    await row(page, 'BookingCreate').first().waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await axeInBothColours(page)).toEqual([]);
    expect(problems()).toEqual([]);
  });
});

describe('one event', () => {
  it('shows its record to the last digit, which webhooks it goes to, and how far it got', async () => {
    const receiver = await openReceiver();
    const name = '<b>Books</b> \u202Egnp';
    await ui.posthorn.webhooks.create({ name, actions: ['TeamCreated'], url: receiver.url });
    const off = await ui.posthorn.webhooks.create({
      name: 'Door',
      actions: ['TeamCreated'],
      url: receiver.url,
      active: false,
    });
    const { id } = await ui.posthorn.events.report(
      'TeamCreated',
      `{"Id": ${DIGITS}, "Name": "<script>alert(1)</script>"}`,
    );
    const { page, problems } = await ui.openSignedIn();
    await page.goto('/events');
    await page.getByRole('textbox', { name: 'Find by id' }).fill(` ${id} `);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/events/${id}`);
    await page.getByText(DIGITS).waitFor();
    await page.getByText('<script>alert(1)</script>').waitFor();
    await row(page, '<b>Books</b>').getByText('Delivered').waitFor();
    await row(page, 'Door').getByText('Held').waitFor();
    expect(await axeInBothColours(page)).toEqual([]);

    // It is sent while somebody looks.
    await ui.posthorn.webhooks.change(off.id, { active: true });
    await row(page, 'Door').getByText('Delivered').waitFor();
    expect(problems()).toEqual([]);
    await receiver.close();
  });

  it('that nobody knows is said to be none', async () => {
    const { page, problems } = await ui.openSignedIn();
    await page.goto('/events/evt_none');
    await page.getByRole('heading', { name: 'There is no such event' }).waitFor();
    expect(await axeInBothColours(page)).toEqual([]);
    await page.getByRole('link', { name: 'All events' }).click();
    await page.waitForURL('**/events');
    expect(problems()).toEqual([]);
  });
});

function row(page: Page, text: string) {
  return page.getByRole('row').filter({ hasText: text });
}

import { openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations } from './axe.ts';
import { PHONE } from './browser.ts';
import { ADA, openUi, type Ui } from './ui.ts';

let ui: Ui;
let receiver: Receiver;
beforeAll(async () => {
  [ui, receiver] = await Promise.all([
    openUi(),
    openReceiver({ answer: () => ({ status: 422, body: '<b>no such room</b>' }) }),
  ]);
});
afterAll(async () => {
  await ui.close();
  await receiver.close();
});

const choose = (page: Page, action: string) =>
  page.getByRole('checkbox', { name: action, exact: true }).check();

describe('a new webhook', () => {
  it('is made for an inbox, sends a test, and shows the call and the answer in place', async () => {
    await ui.posthorn.secrets.set('default', 'a secret that nobody guesses');
    const { page, problems } = await ui.openSignedIn();
    await page.goto('/webhooks/new');
    await page.getByLabel('Search actions').fill('invoice');
    await page.getByText('10 actions of Coworker Invoice, and 3 others').waitFor();
    await choose(page, 'Coworker Invoice Paid');
    await page.getByText('Coworker Invoice (1 of 10)').waitFor();

    await page.getByRole('button', { name: 'Use a test inbox' }).click();
    await page.getByText('This address can be called.').waitFor();
    // What will be sent follows what is chosen.
    await page.getByText('Signed with the shared secret.').waitFor();
    await page.getByLabel('Headers').getByText('CoworkerInvoicePaid').waitFor();
    await page.getByText('It needs the default secret of the service.').waitFor();
    expect(await axeViolations(page)).toEqual([]);

    await page.getByRole('button', { name: 'Create and send a test' }).click();
    await page.getByText('Give it a name, so that you find it again.').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Accounting');
    await page.getByRole('button', { name: 'Create and send a test' }).click();
    await page.getByText(/Delivered: answered 204 after \d+ ms/).waitFor();
    await page.getByRole('heading', { name: 'Edit Accounting' }).waitFor();
    await page.getByRole('tab', { name: 'The call' }).click();
    await page.getByLabel('The call').getByText('posthorn-attempt').waitFor();
    expect(await axeViolations(page)).toEqual([]);

    await page.reload();
    await page.getByText(/Delivered: answered 204/).waitFor();
    await page.getByRole('link', { name: 'See it in the inbox' }).click();
    await page.getByText('The signature fits the body and the secret.').first().waitFor();
    expect(problems()).toEqual([]);
  });

  it('tells while one types why an address is refused, and at its field when it is sent', async () => {
    const { page, problems } = await ui.openSignedIn({ colorScheme: 'dark' });
    await page.goto('/webhooks/new?action=BookingCreate');
    const url = page.getByRole('textbox', { name: 'URL' });
    await url.pressSequentially('http://10.0.0.1/hook');
    await page.getByRole('status').getByText('leads to an address that is not public').waitFor();
    await page.getByText('Why are addresses refused?').click();
    await page.getByText('Only public web addresses are called').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Door');
    await page.getByRole('button', { name: 'Create webhook' }).click();
    await page.getByText(/^The URL leads to an address that is not public/).waitFor();
    expect(await axeViolations(page)).toEqual([]);

    // What was typed stays, and the verdict follows it.
    await url.fill(receiver.url);
    await page.getByText('This address can be called.').waitFor();
    await page.getByRole('button', { name: 'Create webhook' }).click();
    await page.getByRole('heading', { name: 'Edit Door' }).waitFor();
    expect(problems()).toEqual([]);
  });

  it('asks for actions, offers a whole record of them, and all', async () => {
    const { page, problems } = await ui.openSignedIn(PHONE);
    await page.goto(`/webhooks/new?url=${encodeURIComponent(receiver.url)}&location=7`);
    await page.getByLabel('Name', { exact: true }).fill('Calendar');
    await page.getByRole('button', { name: 'Create webhook' }).click();
    await page.getByText('Choose at least one action.').waitFor();
    await page.getByLabel('Search actions').fill('booking');
    await page.getByRole('checkbox', { name: 'All of Booking', exact: true }).check();
    await page.getByLabel('Search actions').fill('');
    await page.getByText('3 actions chosen').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Create webhook' }).click();
    await page.getByRole('heading', { name: 'Edit Calendar' }).waitFor();
    const [made] = await ui.posthorn.webhooks.list({ location: 7 }).take(1);
    expect(made!.actions.toSorted()).toEqual(['BookingCreate', 'BookingDelete', 'BookingUpdate']);
    expect(problems()).toEqual([]);
  });

  it('shows a receiver of the signature in seven languages', async () => {
    const { page, problems } = await ui.openSignedIn();
    await page.goto('/webhooks/new');
    const languages = page.getByLabel('Language');
    await page.getByLabel('Receiver in JavaScript').waitFor();
    const offered = await languages.getByRole('option').allTextContents();
    expect(offered).toEqual(['JavaScript', 'Python', 'PHP', 'Ruby', 'Go', 'Java', 'C#']);
    for (const language of offered) {
      await languages.selectOption(language);
      await page.getByLabel(`Receiver in ${language}`).getByText('your shared secret').waitFor();
    }
    // It is remembered, for the next webhook.
    await page.reload();
    await page.getByLabel('Receiver in C#').waitFor();
    expect(problems()).toEqual([]);
  });

  it('puts the secret into the code for whoever knows their own password', async () => {
    await ui.posthorn.secrets.set('location:9', 'the "secret" of $9');
    const { page, problems } = await ui.openSignedIn();
    await page.goto('/webhooks/new?location=9');
    await page.getByText('It needs the secret of location 9.').waitFor();
    await page.getByRole('button', { name: 'Put the secret in' }).click();
    await page.getByLabel('Your password').fill('wrong');
    await page.getByRole('button', { name: 'Put the secret in' }).click();
    await page.getByText('This password is not right.').waitFor();
    await page.getByLabel('Your password').fill(ADA.password);
    await page.getByRole('button', { name: 'Put the secret in' }).click();
    const code = page.getByLabel('Receiver in JavaScript');
    await code.getByText(String.raw`const SECRET = "the \"secret\" of $9";`).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Take it out' }).click();
    await code.getByText('your shared secret').waitFor();
    expect(problems()).toEqual([]);
  });
});

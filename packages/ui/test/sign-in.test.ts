import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations } from './axe.ts';
import { ADA, openUi, setupLinkOf, type Ui } from './ui.ts';

let ui: Ui;
beforeAll(async () => void (ui = await openUi()));
afterAll(() => ui.close());

describe('the setup link', () => {
  it('makes the first person, tells what is wrong at its field, and leads to a call that arrives', async () => {
    const { page, problems } = await ui.open();
    await page.goto(setupLinkOf(ui.server));
    await page.getByLabel('Your name').fill(ADA.name);
    await page.getByLabel('Email address').fill(ADA.email);
    await page.getByLabel('A password').fill('short');
    await page.getByRole('button', { name: 'Create my account' }).click();
    await page.getByText('At least 12 characters', { exact: true }).waitFor();
    expect(await axeViolations(page)).toEqual([]);

    await page.getByLabel('A password').fill(ADA.password);
    await page.getByRole('button', { name: 'Create my account' }).click();
    await page.getByRole('heading', { name: 'Your first webhook' }).waitFor();
    await page.getByRole('button', { name: `Account of ${ADA.name}` }).waitFor();
    expect(await axeViolations(page)).toEqual([]);

    await page.getByRole('button', { name: 'Create it and send a test' }).click();
    await page.getByRole('heading', { name: 'It arrived' }).waitFor();
    await page.getByText('The signature is right').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('link', { name: 'To the webhooks' }).click();
    await page.getByRole('cell', { name: 'My first webhook' }).waitFor();
    expect(problems()).toEqual([]);
  });

  it('is good once', async () => {
    const { page } = await ui.open();
    await page.goto(setupLinkOf(ui.server));
    await page.getByText('This setup link is no longer good').waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });
});

describe('signing in', () => {
  it('is asked for first, says what is wrong, and leads to the page that was wanted', async () => {
    const { page, problems } = await ui.open();
    await page.goto('/webhooks?active=true');
    await page.waitForURL('**/sign-in?**');
    await signIn(page, 'not the password');
    await page.getByText('do not fit together').waitFor();
    expect(await axeViolations(page)).toEqual([]);

    // What was typed is still there.
    expect(await page.getByLabel('Email address').inputValue()).toBe(ADA.email);
    await signIn(page, ADA.password);
    await page.waitForURL('**/webhooks?active=true');
    await page.getByRole('heading', { name: 'Webhooks', exact: true }).waitFor();
    expect(problems()).toEqual([]);
  });

  it('is asked for at the catalogue as well, as the operator does not open it to all', async () => {
    const { page } = await ui.open();
    await page.goto('/catalogue/BookingCreate');
    await page.waitForURL('**/sign-in?**');
    expect(await page.getByText('BookingCreate').count()).toBe(0);
  });

  it('never leads to another site, and ends for the browser that signs out', async () => {
    const { page, problems } = await ui.open();
    await page.goto('/sign-in?next=//evil.example/');
    await signIn(page, ADA.password);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    expect(new URL(page.url()).origin).toBe(ui.server.url);

    await page.getByRole('button', { name: `Account of ${ADA.name}` }).click();
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
    await page.waitForURL('**/sign-in');
    await page.goto('/webhooks');
    await page.waitForURL('**/sign-in?**');
    expect(problems()).toEqual([]);
  });
});

describe('an address without a page', () => {
  it('says so in words', async () => {
    const { page, problems } = await ui.open();
    await page.goto('/nothing/here');
    await page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect(problems()).toEqual([]);
  });
});

async function signIn(page: Page, password: string): Promise<void> {
  await page.getByLabel('Email address').fill(ADA.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

import { Secret, TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeViolations } from './axe.ts';
import { PHONE } from './browser.ts';
import { ADA, openUi, type Ui } from './ui.ts';
import { setVisibility } from './visibility.ts';

/** A provider that is on the pages and that nobody goes to. */
const PROVIDER = {
  POSTHORN_PUBLIC_URL: 'http://localhost:4665',
  POSTHORN_OIDC_ISSUER: 'http://127.0.0.1:9',
  POSTHORN_OIDC_CLIENT_ID: 'posthorn',
  POSTHORN_OIDC_CLIENT_SECRET: 'a secret of the client',
  POSTHORN_OIDC_NAME: 'Office',
};

let ui: Ui;
beforeAll(async () => void (ui = await openUi(PROVIDER)));
afterAll(() => ui.close());

it('changes the own name and password, and says at its field what is wrong', async () => {
  const { page, problems } = await ui.openSignedIn();
  await page.goto('/settings/profile');
  await page.getByLabel('Your name').fill('Ada Lovepost');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Account of Ada Lovepost' }).waitFor();
  expect(await axeViolations(page)).toEqual([]);

  await page.getByLabel('Your password until now').fill('not the password');
  await page.getByLabel('Another password').fill('a horn in the evening');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('This password is not right.').waitFor();
  await page.getByLabel('Your password until now').fill(ADA.password);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('Your password is changed').waitFor();
  expect(problems()).toEqual([]);
});

it('sets up a second factor, which is asked for from then on', async () => {
  const { page, problems } = await ui.open();
  await page.goto('/settings/profile');
  await signIn(page);
  await page.getByRole('button', { name: 'Set it up' }).click();
  await page.getByRole('img', { name: 'QR code' }).waitFor();
  expect(await axeViolations(page)).toEqual([]);
  const secret = await page
    .getByRole('group', { name: 'Or type this key' })
    .getByRole('code')
    .innerText();
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });

  await page.getByRole('textbox', { name: 'Code' }).fill('000000');
  await page.getByLabel('Your password', { exact: true }).fill('a horn in the evening');
  await page.getByRole('button', { name: 'Switch on' }).click();
  await page.getByText('Is not right').waitFor();
  await page.getByRole('textbox', { name: 'Code' }).fill(totp.generate());
  await page.getByRole('button', { name: 'Switch on' }).click();
  await page.getByText('Switched on').waitFor();
  expect(await axeViolations(page)).toEqual([]);

  const other = await ui.open({ ...PHONE, colorScheme: 'dark' });
  await other.page.goto('/settings/profile');
  await signIn(other.page);
  // The code of now was used up, so that nobody who looked on can use it.
  await other.page
    .getByRole('textbox', { name: 'Code' })
    .fill(totp.generate({ timestamp: Date.now() + 30_000 }));
  await other.page.getByRole('button', { name: 'Sign in' }).click();
  await other.page.getByText('Switched on').waitFor();
  expect(await axeViolations(other.page)).toEqual([]);

  await page.getByRole('button', { name: 'Switch off' }).click();
  await page.getByRole('dialog').getByLabel('Your password').fill('a horn in the evening');
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
  await page.getByRole('button', { name: 'Set it up' }).waitFor();
  expect([...problems(), ...other.problems()]).toEqual([]);
});

it('asks for the password when the session ends, above the page with all that was typed', async () => {
  const { page, context, problems } = await ui.open();
  await page.goto('/settings/keys');
  await signIn(page);
  await page.getByRole('button', { name: 'Create app' }).click();
  await page.getByLabel('Name').fill('Booking system');

  await context.clearCookies();
  await page.getByRole('dialog').getByRole('button', { name: 'Create app' }).click();
  await page.getByRole('heading', { name: 'You were signed out' }).waitFor();
  expect(await axeViolations(page)).toEqual([]);
  const again = page.getByRole('dialog', { name: 'You were signed out' });
  await again.getByRole('textbox', { name: 'Password' }).fill('a horn in the evening');
  await again.getByRole('button', { name: 'Sign in' }).click();
  await again.waitFor({ state: 'detached' });

  expect(await page.getByLabel('Name').inputValue()).toBe('Booking system');
  await page.getByRole('dialog').getByRole('button', { name: 'Create app' }).click();
  await page.getByText('Number 1').waitFor();
  expect(problems()).toEqual([]);
});

it('lets those in again who come from a provider, in another tab, with all that was typed', async () => {
  const { page, context, problems } = await ui.open();
  await page.goto('/settings/keys');
  const provider = page.getByRole('link', { name: 'Sign in with Office' });
  expect(await provider.getAttribute('href')).toBe('/v1/oidc/start');
  expect(await axeViolations(page)).toEqual([]);
  await signIn(page);
  await page.getByRole('button', { name: 'Create key' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Booking system');

  await context.clearCookies();
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
  const again = page.getByRole('dialog', { name: 'You were signed out' });
  const inAnotherTab = again.getByRole('link', { name: 'Sign in with Office in another tab' });
  expect(await inAnotherTab.getAttribute('href')).toBe('/v1/oidc/start');
  expect(await inAnotherTab.getAttribute('target')).toBe('_blank');
  expect(await axeViolations(page)).toEqual([]);

  // However they are known there, the tab that they come back to asks who they are.
  await setVisibility(page, 'hidden');
  const other = await context.newPage();
  await other.goto('/settings/profile');
  await signIn(other);
  await other.getByRole('heading', { name: 'Your account' }).waitFor();
  expect(await again.isVisible()).toBe(true);
  await setVisibility(page, 'visible');
  await again.waitFor({ state: 'detached' });
  expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Booking system');
  expect(problems()).toEqual([]);
});

it('signs out everywhere', async () => {
  const one = await ui.open();
  const other = await ui.open();
  for (const { page } of [one, other]) {
    await page.goto('/settings/profile');
    await signIn(page);
    await page.getByRole('heading', { name: 'Your account' }).waitFor();
  }
  await one.page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await one.page.waitForURL('**/sign-in');
  await other.page.reload();
  await other.page.waitForURL('**/sign-in?**');
  expect(one.problems()).toEqual([]);
});

async function signIn(page: Page): Promise<void> {
  await page.getByLabel('Email address').fill(ADA.email);
  await page.getByRole('textbox', { name: 'Password' }).fill('a horn in the evening');
  await page.getByRole('button', { name: 'Sign in' }).click();
}

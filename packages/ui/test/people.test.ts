import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeViolations } from './axe.ts';
import { PHONE } from './browser.ts';
import { ADA, openUi, type Ui } from './ui.ts';

let ui: Ui;
beforeAll(async () => void (ui = await openUi()));
afterAll(() => ui.close());

const GRACE = { name: 'Grace Bell', email: 'grace@example.com', password: 'an owl in the evening' };

it('adds a person for one location, whose link lets them in to that and no more', async () => {
  const { page, problems } = await ui.openSignedIn();
  await page.goto('/settings/people');
  await page.getByText('(you)').waitFor();
  expect(await axeViolations(page)).toEqual([]);

  await page.getByRole('button', { name: 'Add person' }).click();
  await page.getByLabel('Name').fill(GRACE.name);
  await page.getByLabel('Email address').fill(ADA.email);
  await page.getByLabel('At all locations').uncheck();
  await page.getByRole('button', { name: 'Add and make a link' }).click();
  await page.getByText('Choose at least one location').waitFor();
  await page.getByRole('combobox', { name: 'Locations' }).fill('7');
  await page.getByRole('option', { name: 'Location 7' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Add and make a link' }).click();
  // At its field, with everything else still there.
  await page.getByText('Somebody has this email already.').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await page.getByLabel('Email address').fill(GRACE.email);
  await page.getByRole('button', { name: 'Add and make a link' }).click();

  const link = await page.getByRole('group', { name: 'Link' }).getByRole('code').innerText();
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Done', exact: true }).click();
  await page.getByText('Has not chosen a password yet').waitFor();
  expect(problems()).toEqual([]);

  const grace = await ui.open();
  await grace.page.goto(link);
  await grace.page.getByLabel('A password').fill(GRACE.password);
  await grace.page.getByRole('button', { name: 'Save and sign in' }).click();
  await grace.page.getByRole('button', { name: `Account of ${GRACE.name}` }).waitFor();
  // What is for operators is not offered, and refused in words.
  expect(await grace.page.getByRole('link', { name: 'People' }).count()).toBe(0);
  await grace.page.goto('/settings/people');
  await grace.page.getByText('You may not do this').waitFor();
  expect(await axeViolations(grace.page)).toEqual([]);
  expect(grace.problems()).toEqual([]);
});

it('changes a person, and removes them', async () => {
  const { page, problems } = await ui.openSignedIn();
  await page.goto('/settings/people');
  const menu = page.getByRole('button', { name: `What can be done with ${GRACE.name}` });
  await menu.click();
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('menuitem', { name: 'Change' }).click();
  await page.getByRole('radio', { name: 'Viewer' }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('cell', { name: 'Viewer Location 7' }).waitFor();

  await menu.click();
  await page.getByRole('menuitem', { name: 'Link for a new password' }).click();
  await page.getByRole('button', { name: 'Make a link' }).click();
  await page.getByRole('group', { name: 'Link' }).waitFor();
  await page.getByRole('button', { name: 'Done', exact: true }).click();

  await menu.click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByText('signed out everywhere').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await menu.waitFor({ state: 'detached' });
  expect(problems()).toEqual([]);
});

it('keeps the last operator, and says why', async () => {
  const { page } = await ui.openSignedIn({ ...PHONE, colorScheme: 'dark' });
  await page.goto('/settings/people');
  await page.getByRole('button', { name: `What can be done with ${ADA.name}` }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByText('Nobody else is an operator').waitFor();
  expect(await axeViolations(page)).toEqual([]);
});

it('gives the focus back, to whoever uses a keyboard, once its dialogs are closed', async () => {
  const { page, problems } = await ui.openSignedIn();
  await page.goto('/settings/people');
  const menu = page.getByRole('button', { name: `What can be done with ${ADA.name}` });
  await menu.press('Enter');
  await page.getByRole('menuitem', { name: 'Link for a new password' }).press('Enter');
  await page.getByRole('button', { name: 'Make a link' }).press('Enter');
  await page.getByRole('group', { name: 'Link' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  const focused = page.locator(':focus');
  await expect
    .poll(() => focused.getAttribute('aria-label'))
    .toBe(await menu.getAttribute('aria-label'));
  expect(problems()).toEqual([]);
});

it.each(['people', 'keys'])('shows where the list of %s will be while it is read', async (what) => {
  const { page, problems } = await ui.openSignedIn();
  const { promise: isEnough, resolve: goOn } = Promise.withResolvers<void>();
  await page.route(/\/v1\/(people|keys|apps)\?/, async (route) => {
    await isEnough;
    await route.continue();
  });
  await page.goto(`/settings/${what}`);
  const loading = page.getByRole('status', { name: 'Loading' }).first();
  await loading.waitFor();
  expect(await axeViolations(page)).toEqual([]);
  goOn();
  await loading.waitFor({ state: 'detached' });
  expect(problems()).toEqual([]);
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeViolations } from './axe.ts';
import { openUi, type Ui } from './ui.ts';

let ui: Ui;
beforeAll(async () => void (ui = await openUi()));
afterAll(() => ui.close());

const BANNER = 'The service does not answer.';

it('says that the service is gone, keeps what is shown, and heals when it is back', async () => {
  await ui.posthorn.webhooks.create({
    name: 'Bookings',
    actions: ['*'],
    url: 'http://127.0.0.1:4999/',
  });
  const { page } = await ui.openSignedIn();
  await page.goto('/webhooks');
  await page.getByText('Bookings').waitFor();

  const { again } = await ui.crash();
  await page.getByRole('searchbox', { name: 'Search' }).fill('nobody has this');
  await page.getByText(BANNER).first().waitFor();
  expect(await axeViolations(page)).toEqual([]);

  await again();
  await page.getByText(BANNER).first().waitFor({ state: 'detached' });
  await page.getByText('No webhook fits').waitFor();
});

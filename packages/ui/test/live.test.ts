import { openReceiver } from '@posthorn/testkit/receivers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openUi, type Ui } from './ui.ts';
import { setVisibility } from './visibility.ts';

let ui: Ui;
beforeAll(async () => void (ui = await openUi()));
afterAll(() => ui.close());

/** More than the connections that a browser has to one service, of which a tab that follows takes one. */
const TABS = 7;

it(
  'works in any number of tabs, each of which catches up when one comes back to it',
  { timeout: 60_000 },
  async () => {
    const receiver = await openReceiver();
    await ui.posthorn.webhooks.create({
      name: 'Doors',
      actions: ['BookingCreate'],
      url: receiver.url,
    });
    const { page: first, context, problems } = await ui.openSignedIn();
    for (let tab = 0; tab < TABS; tab++) {
      const page = tab === 0 ? first : await context.newPage();
      await page.goto('/deliveries');
      await page.getByRole('button', { name: 'Live' }).waitFor();
      await page.getByRole('heading', { name: 'Nothing was sent yet' }).waitFor();
      await setVisibility(page, 'hidden');
      await page.getByRole('button', { name: 'Connecting' }).waitFor();
    }

    await ui.posthorn.events.report('BookingCreate', { Id: 1 });
    await receiver.waitFor(1);
    await setVisibility(first, 'visible');
    await first.getByRole('row', { name: /Delivered BookingCreate Doors/ }).waitFor();
    await first.getByRole('button', { name: 'Live' }).waitFor();
    expect(problems()).toEqual([]);
    await receiver.close();
  },
);

import type { Role } from '@posthorn/sdk';
import { openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations } from './axe.ts';
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

describe('a webhook that is edited', () => {
  it('stores what was changed, shows a failed test with what to do, and asks about what waits', async () => {
    const webhook = await ui.posthorn.webhooks.create({
      name: 'Newsletter',
      actions: ['CoworkerCreate'],
      url: receiver.url,
      active: false,
    });
    await ui.posthorn.events.report('CoworkerCreate', { Id: 1 });
    const { page, problems } = await ui.openSignedIn();
    await page.goto(`/webhooks/${webhook.id}/edit`);
    await page.getByLabel('Name', { exact: true }).fill('News');
    await page.getByLabel('Calls at once').fill('3');
    await page.getByRole('button', { name: 'Save and send a test' }).click();
    await page.getByText('Not delivered: the receiver answered 422').waitFor();
    // The answer is text and nothing else.
    await page.getByLabel('The answer').getByText('<b>no such room</b>').first().waitFor();
    await page.getByRole('heading', { name: 'Edit News' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);

    await page.getByRole('switch', { name: 'Switched on' }).click();
    await page.getByText(/deliver\S+ waits? for it/).waitFor();
    await page.getByRole('radio', { name: 'Drop what waits' }).check();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    // Once it is on nothing waits for it.
    await page.getByRole('radio', { name: 'Drop what waits' }).waitFor({ state: 'detached' });
    expect(await ui.posthorn.webhooks.get(webhook.id)).toMatchObject({
      name: 'News',
      concurrency: 3,
      active: true,
    });
    expect(problems()).toEqual([]);
  });

  it('asks before what was typed is left behind', async () => {
    const { id } = await ui.posthorn.webhooks.create({
      name: 'Door',
      actions: ['*'],
      url: receiver.url,
    });
    const { page, problems } = await ui.openSignedIn();
    await page.goto(`/webhooks/${id}/edit`);
    const name = page.getByLabel('Name', { exact: true });
    await name.fill('Gate');
    page.once('dialog', (dialog) => void dialog.dismiss());
    await page.getByRole('link', { name: 'All webhooks' }).click();
    expect(await name.inputValue()).toBe('Gate');
    page.once('dialog', (dialog) => void dialog.accept());
    await page.getByRole('link', { name: 'All webhooks' }).click();
    await page.waitForURL('**/webhooks');
    expect((await ui.posthorn.webhooks.get(id)).name).toBe('Door');
    expect(problems()).toEqual([]);
  });
});

describe('somebody who is no operator', () => {
  const openAs = async (role: Role, locations: readonly number[] | null) => {
    const { link } = await ui.posthorn.people.create({
      name: role,
      email: `${role}@example.com`,
      role,
      locations,
    });
    const opened = await ui.open();
    const token = new URL(link).searchParams.get('token');
    const { request } = opened.context;
    await request.post('/v1/join', { data: { token, password: ADA.password } });
    return opened;
  };

  it('chooses among their own locations', async () => {
    const { page, problems } = await openAs('manager', [7, 8]);
    await page.goto(`/webhooks/new?action=BookingCreate&url=${encodeURIComponent(receiver.url)}`);
    await page.getByText('This address can be called.').waitFor();
    await page.getByRole('combobox', { name: 'Location' }).click();
    await page.getByRole('option', { name: 'Location 8' }).click();
    expect(await page.getByText('All locations').count()).toBe(0);
    await page.getByLabel('Name', { exact: true }).fill('Theirs');
    await page.getByRole('button', { name: 'Create webhook' }).click();
    await page.getByRole('heading', { name: 'Edit Theirs' }).waitFor();
    expect(await ui.posthorn.webhooks.list({ location: 8 }).take(2)).toMatchObject([
      { name: 'Theirs', location: 8 },
    ]);
    expect(await axeViolations(page)).toEqual([]);
    expect(problems()).toEqual([]);
  });

  it('is told if they may only look', async () => {
    const { page, problems } = await openAs('viewer', null);
    await page.goto('/webhooks/new');
    await page.getByRole('heading', { name: 'You may look at webhooks' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect(problems()).toEqual([]);
  });
});

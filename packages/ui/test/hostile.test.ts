import { openReceiver } from '@posthorn/testkit/receivers';
import { eventually } from '@posthorn/testkit/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openUi, type Ui } from './ui.ts';

const SCRIPT =
  '<script>globalThis.wasHarmed=1</script><img src=x onerror="globalThis.wasHarmed=1">';
const HOSTILE = `${SCRIPT} \u202Efdp.exe \u0007`;

let ui: Ui;
let receiver: Awaited<ReturnType<typeof openReceiver>>;
beforeAll(async () => {
  [ui, receiver] = await Promise.all([
    openUi(),
    openReceiver({
      answer: () => ({
        status: 500,
        headers: { 'content-type': 'text/html', 'x-evil': SCRIPT },
        body: `${HOSTILE}${'x'.repeat(200_000)}`,
      }),
    }),
  ]);
});
afterAll(() => Promise.all([ui.close(), receiver.close()]));

it('shows what strangers wrote on every page, as text and nothing else', async () => {
  const { posthorn } = ui;
  const { page, problems } = await ui.openSignedIn();
  const webhook = await posthorn.webhooks.create({
    name: HOSTILE,
    description: HOSTILE,
    actions: ['BookingCreate'],
    url: `${receiver.url}?${encodeURIComponent(SCRIPT)}`,
  });
  const inbox = await posthorn.inboxes.create();
  await posthorn.webhooks.create({ name: 'Inbox', actions: ['BookingCreate'], url: inbox.url });
  await posthorn.locations.put(7, { name: HOSTILE });
  await posthorn.apps.create({ name: HOSTILE });
  await posthorn.keys.create({ name: HOSTILE });
  await posthorn.people.create({
    name: HOSTILE,
    email: '"<script>"@example.com',
    role: 'operator',
  });
  const event = await posthorn.events.report('BookingCreate', {
    ResourceName: HOSTILE,
    Notes: `\u0000${'y'.repeat(200_000)}`,
    [SCRIPT]: 12345678901234567890n.toString(),
  } as object);
  const [delivery] = await posthorn.deliveries.list({ webhook: webhook.id }).take(1);
  await eventually(async () => (await posthorn.deliveries.get(delivery!.id)).attempts > 0);

  for (const path of [
    '/',
    '/webhooks',
    `/webhooks/${webhook.id}`,
    `/webhooks/${webhook.id}/edit`,
    '/events',
    `/events/${event.id}`,
    '/deliveries',
    `/deliveries/${delivery!.id}`,
    '/inboxes',
    `/inboxes/${inbox.id}`,
    '/settings/integrations',
    '/settings/people',
    '/settings/keys',
    '/settings/audit',
  ]) {
    await page.goto(path);
    await page.locator('h1').first().waitFor();
    expect(await page.getByText('There is nothing at this address').count(), path).toBe(0);
    // Live pages never come to rest: what they read at first is enough.
    await eventually(async () => (await page.locator('[class*=Skeleton]').count()) === 0);
    expect(await page.evaluate('globalThis.wasHarmed'), path).toBeUndefined();
    const foreign = 'document.querySelectorAll("main script, main img, main iframe").length';
    expect(await page.evaluate(foreign), path).toBe(0);
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width, `${path}: something sticks out at the side`).toBeLessThanOrEqual(1280);
  }
  await page.getByText('<script>').first().waitFor();
  expect(problems()).toEqual([]);
});

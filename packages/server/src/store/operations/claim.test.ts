import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sampleRequest, sampleWebhook } from '../../../test/samples.ts';
import { newDataDir, removeDataDir } from '../../../test/start.ts';
import { openSqliteStore } from '../sqlite/open.ts';
import type { Store } from '../store.ts';

let dataDir: string;
let store: Store;
beforeEach(async () => {
  dataDir = newDataDir();
  store = await openSqliteStore({ dataDir });
});
afterEach(async () => {
  await store.close();
  removeDataDir(dataDir);
});

/** A webhook with two deliveries that are due, the first of which has lost its event. */
async function damaged() {
  const { session } = await store.startSession({ aliveMs: null });
  const { id: webhook } = await store.createWebhook(sampleWebhook());
  const { requests } = await store.acceptEvents({
    requests: [sampleRequest({ recordEnds: [2, 4] })],
    records: new TextEncoder().encode('{}{}'),
    session,
    fullRoom: 0,
    rooms: new Map(),
  });
  const [accepted] = requests;
  if (accepted?.kind !== 'accepted') throw new Error('not accepted');
  const [[event]] = accepted.events as [readonly [number, number]];
  const db = new DatabaseSync(join(dataDir, 'posthorn.db'), { timeout: 5000 });
  db.prepare('delete from events where key = ?').run(event);
  db.close();
  return { session, webhook, lost: event + 1 };
}

it.each([null, { enabledAt: 0, besides: null }])(
  'cancels a delivery whose event is gone, and hands out the others (probe: %j)',
  async (probe) => {
    const { session, webhook, lost } = await damaged();
    const claim = () => store.claimDeliveries({ session, lanes: [{ webhook, limit: 10, probe }] });
    const claimed = [(await claim()).deliveries, (await claim()).deliveries].flat();
    expect(claimed).toHaveLength(1);
    expect(claimed[0]!.key).not.toBe(lost);
    expect(await store.countWaiting({ webhook })).toBe(0);
    const { nextDueAt } = await claim();
    expect(nextDueAt.get(webhook)).toBeNull();
  },
);

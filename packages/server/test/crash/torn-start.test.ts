import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { loadSecretKeys } from '../../src/settings/secret-keys.ts';
import { openKeys } from '../../src/settings/keys.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { isOnSqlite } from '../engine.ts';
import { newDataDir, removeDataDir, runToEnd, startServer, type Started } from '../start.ts';
import { openReceivers, type Receivers } from './receivers.ts';
import { checkIntegrity } from './remains.ts';
import { furnish } from './space.ts';
import { waitForEnds } from './visible.ts';

const dataDirs: string[] = [];
let receivers: Receivers | undefined;
let server: Started | undefined;
afterEach(async () => {
  await server?.kill();
  receivers?.close();
  for (const dir of dataDirs.splice(0)) removeDataDir(dir);
});

function dataDirOfTest(): string {
  const dir = newDataDir();
  dataDirs.push(dir);
  return dir;
}

/** Moments of a first start: before the store, in its migration, before and after it listens. */
const MOMENTS_MS = [50, 150, 220, 260, 300, 400];

it(
  'starts after having been killed at any moment of its first start',
  { timeout: 60_000 },
  async () => {
    const subscriptions = [{ name: 'all', actions: ['*'] }];
    receivers = await openReceivers(subscriptions);
    const dataDir = dataDirOfTest();
    for (const deadlineMs of MOMENTS_MS) {
      // Each in a folder of its own, and all one after the other in the same.
      const fresh = dataDirOfTest();
      for (const dir of [fresh, dataDir]) await runToEnd({ dataDir: dir, deadlineMs });
      const next = await startServer({ dataDir: fresh });
      expect((await next.api('GET', '/v1/webhooks')).status).toBe(200);
      await next.stop();
      expect(await checkIntegrity(fresh)).toBe('ok');
    }

    server = await startServer({ dataDir });
    await furnish(server, subscriptions, receivers.urlOf);
    const record = { UniqueId: 'first', Fails: 0 };
    expect((await server.api('POST', '/v1/events/BookingCreate', record)).status).toBe(202);
    await waitForEnds(server);
    expect(receivers.receipts).toMatchObject([{ record: 'first', isSigned: true }]);
  },
);

it.runIf(isOnSqlite)('holds its data folder while it lives, and not a moment longer', async () => {
  const dataDir = dataDirOfTest();
  server = await startServer({ dataDir });
  const second = await runToEnd({ dataDir });
  expect(second.code).toBe(1);
  expect(second.output).toContain('another process uses this data folder');

  for (let i = 0; i < 3; i++) {
    await server.kill();
    server = await startServer({ dataDir });
  }
  expect((await server.api('GET', '/readyz')).status).toBe(200);
  await server.stop();
  expect(readdirSync(dataDir)).toContain('posthorn.db');
});

it('makes its key file whole or not at all', () => {
  const dataDir = dataDirOfTest();
  const box = new URL('../../src/settings/secret-keys.ts', import.meta.url).href;
  const make = `import { loadSecretKeys } from ${JSON.stringify(box)};
    loadSecretKeys(null, ${JSON.stringify(dataDir)});`;
  // A process that may create files and not write to them, as on a full disk.
  const script = 'ulimit -f 0; exec "$0" --input-type=module-typescript --eval "$1"';
  const full = spawnSync('sh', ['-c', script, process.execPath, make]);
  expect(full.stderr.toString()).toContain('EFBIG');

  const keys = loadSecretKeys(null, dataDir);
  expect(keys.map((key) => key.length)).toStrictEqual([32]);
  expect(loadSecretKeys(null, dataDir)).toEqual(keys);
});

it('shows the first key before it keeps it, so that no death leaves a key that nobody saw', async () => {
  const store = await openSqliteStore({ dataDir: dataDirOfTest() });
  try {
    const dying = await openKeys(store, null, Date);
    const death = new Error('died while it showed the key');
    await expect(dying.createFirst(() => expect.fail(death.message))).rejects.toThrow(
      death.message,
    );

    const shown: string[] = [];
    const keys = await openKeys(store, null, Date);
    const key = await keys.createFirst((text) => shown.push(text));
    expect(shown).toEqual([key]);
    const later = await openKeys(store, null, Date);
    expect(later.authenticate(key!)).toMatchObject({ name: 'first' });
    expect(await later.createFirst(() => expect.fail('a second first key'))).toBe(null);
  } finally {
    await store.close();
  }
});

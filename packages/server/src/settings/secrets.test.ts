import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sqliteEngine } from '../../test/stores.ts';
import type { Store } from '../store/store.ts';
import { createSecretBox, type SecretBox } from './secret-box.ts';
import { openSecrets, type Secrets } from './secrets.ts';
import { SYSTEM } from '../store/who.ts';

const engine = sqliteEngine();
const log = pino({ level: 'silent' });
const HOUR_MS = 3_600_000;
const DEFAULT = { app: null, location: null };
/** How far the clock of the secrets is ahead of the store's. */
let aheadMs = 0;
const clock = { now: () => Date.now() + aheadMs };
const open = (box: SecretBox) => openSecrets({ store, box, clock, log });
let store: Store;
beforeAll(async () => void (store = await engine.open()));
afterAll(() => engine.stop());

it('signs nothing in the place of a secret that cannot be opened, not even with the default', async () => {
  const box = createSecretBox([Buffer.alloc(32, 1)]);
  const secrets = await open(box);
  await secrets.set('default', 'of all', 0, SYSTEM);
  const other = await open(createSecretBox([Buffer.alloc(32, 2)]));
  await other.set('location:7', 'of the location', 0, SYSTEM);
  await secrets.reload();

  expect(secrets.applying({ app: null, location: 7 })).toEqual([]);
  expect(secrets.state('location:7')).not.toBeNull();
  expect(secrets.applying({ app: null, location: 8 })).toEqual(['of all']);
  expect(other.applying({ app: null, location: 7 })).toEqual(['of the location']);
});

it('refuses a sealed secret whose tag was cut short', () => {
  const box = createSecretBox([Buffer.alloc(32, 1)]);
  const sealed = new Uint8Array([0, 0x11, 0x22, 0x33]);
  expect(() => box.open({ keyId: box.keyId, sealed }, 'default')).toThrow('authentication tag');
});

describe('a secret that is replaced', () => {
  const box = createSecretBox([Buffer.alloc(32, 3)]);
  const now = (secrets: Secrets) => secrets.applying(DEFAULT);
  beforeEach(async () => {
    aheadMs = 0;
    await store.deleteSecret({ scope: 'default', by: SYSTEM });
  });

  it('goes on signing behind the new one, also after a restart, and not after its end', async () => {
    const secrets = await open(box);
    await secrets.set('default', 'first', HOUR_MS, SYSTEM);
    const { previousUntil } = await secrets.set('default', 'second', HOUR_MS, SYSTEM);
    expect(previousUntil).toBeGreaterThan(Date.now());
    const restarted = await open(box);
    for (const each of [secrets, restarted]) {
      expect(now(each)).toStrictEqual(['second', 'first']);
      // Made once, and not for every call.
      expect(now(each)).toBe(now(each));
      expect(each.state('default')?.previousUntil).toBe(previousUntil);
    }
    // Upkeep has not been there.
    aheadMs = HOUR_MS + 60_000;
    for (const each of [secrets, restarted]) {
      expect(now(each)).toStrictEqual(['second']);
      expect(each.state('default')?.previousUntil).toBeNull();
    }
  });

  it('ends at once without an overlap, or when it is the third', async () => {
    const secrets = await open(box);
    await secrets.set('default', 'first', HOUR_MS, SYSTEM);
    await secrets.set('default', 'second', HOUR_MS, SYSTEM);
    await secrets.set('default', 'third', HOUR_MS, SYSTEM);
    expect(now(secrets)).toStrictEqual(['third', 'second']);
    await secrets.set('default', 'fourth', 0, SYSTEM);
    expect(now(secrets)).toStrictEqual(['fourth']);
  });

  it('is not ended by the same request again, but by the same secret without an overlap', async () => {
    const secrets = await open(box);
    await secrets.set('default', 'first', HOUR_MS, SYSTEM);
    await secrets.set('default', 'second', HOUR_MS, SYSTEM);
    const { previousUntil } = await secrets.set('default', 'second', 2 * HOUR_MS, SYSTEM);
    expect(now(secrets)).toStrictEqual(['second', 'first']);
    expect(previousUntil).toBeGreaterThan(Date.now() + HOUR_MS);
    await secrets.set('default', 'second', 0, SYSTEM);
    expect(now(secrets)).toStrictEqual(['second']);
  });

  it('is removed with the new one', async () => {
    const secrets = await open(box);
    await secrets.set('default', 'first', HOUR_MS, SYSTEM);
    await secrets.set('default', 'second', HOUR_MS, SYSTEM);
    expect(await secrets.remove('default', SYSTEM)).toBe(true);
    await secrets.reload();
    expect(now(secrets)).toStrictEqual([]);
  });
});

it('opens a secret only in the row of its scope', async () => {
  const box = createSecretBox([Buffer.alloc(32, 4)]);
  const secrets = await open(box);
  await secrets.set('location:1', 'of one', 0, SYSTEM);
  await secrets.set('location:2', 'of two', 0, SYSTEM);
  const of = async (scope: string) =>
    (await store.listSecrets(undefined)).find((secret) => secret.scope === scope)!;
  const { keyId, sealed } = await of('location:1');
  // Whoever can write to the store puts the secret that they know in the place of another.
  await store.putSecret({ scope: 'location:2', keyId, sealed, overlapMs: 0, by: SYSTEM });
  await secrets.reload();
  expect(secrets.applying({ app: null, location: 1 })).toStrictEqual(['of one']);
  expect(secrets.applying({ app: null, location: 2 })).toStrictEqual([]);
});

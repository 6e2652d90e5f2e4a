import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresEngine, sqliteEngine } from '../../test/stores.ts';
import type { Store } from '../store/store.ts';
import { SYSTEM } from '../store/who.ts';
import { createReseal } from './reseal.ts';
import { createSecretBox } from './secret-box.ts';
import { openSecrets } from './secrets.ts';
import { openSigningKey, type SigningKey } from './signing-key.ts';

const log = pino({ level: 'silent' });
const OLD = Buffer.alloc(32, 1);
const NEW = Buffer.alloc(32, 2);
const box = createSecretBox([OLD]);

describe.each([sqliteEngine(), postgresEngine()])('the signing key on $name', (engine) => {
  let store: Store;
  beforeAll(async () => {
    await engine.start();
    store = await engine.open();
  });
  afterAll(() => engine.stop());

  it('is made once, whoever opens it first, and kept sealed', async () => {
    const opened = await Promise.all(
      [1, 2, 3].map(() => openSigningKey({ store, box, clock: Date, log })),
    );
    const [first] = opened;
    expect(publicKeyOf(first!)).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
    for (const each of opened) expect(publicKeyOf(each)).toBe(publicKeyOf(first!));
    const [kept] = await store.listSecrets(undefined);
    expect(Buffer.from(kept!.sealed).includes('whsk_')).toBe(false);
    // It signs no call as a shared secret.
    const secrets = await openSecrets({ store, box, clock: Date, log });
    expect(secrets.applying({ app: null, location: null })).toStrictEqual([]);
  });

  it('goes over to another key with all secrets, and is missing without its key', async () => {
    const before = await openSigningKey({ store, box, clock: Date, log });
    await createReseal({ store, box: createSecretBox([NEW, OLD]), log })();
    const after = await openSigningKey({ store, box: createSecretBox([NEW]), clock: Date, log });
    expect(publicKeyOf(after)).toBe(publicKeyOf(before));
    const without = await openSigningKey({ store, box, clock: Date, log });
    expect(without.publicKeys()).toStrictEqual([]);
    expect(without.sign('msg_1', 1, Buffer.from('[]'))).toBe('');
  });

  it('is rotated with an overlap, in which both sign, on each node', async () => {
    const own = await engine.open();
    let now = Date.now();
    const needs = { store: own, box, clock: { now: () => now }, log };
    const [one, other] = [await openSigningKey(needs), await openSigningKey(needs)];
    const old = publicKeyOf(one);

    await one.rotate(3_600_000, SYSTEM);
    await other.reload();
    for (const node of [one, other]) {
      expect(node.sign('msg_1', 1, Buffer.from('[]')).split(' ')).toHaveLength(2);
      const [current, previous] = node.publicKeys();
      expect(previous).toMatchObject({ publicKey: old });
      expect(current).toMatchObject({ until: null });
      expect(current!.publicKey).not.toBe(old);
      expect(Math.abs(previous!.until! - current!.since - 3_600_000)).toBeLessThan(1000);
    }
    const [entry] = await own.listAudit({ before: Number.MAX_SAFE_INTEGER, limit: 1 });
    expect(entry).toMatchObject({ what: 'signing-key.rotated', subject: 'signing-key' });

    const second = publicKeyOf(one);
    now += 3_700_000;
    expect(one.publicKeys().map(({ publicKey }) => publicKey)).toStrictEqual([second]);
    expect(one.sign('msg_1', 1, Buffer.from('[]'))).toMatch(/^v1a,\S+$/);

    await one.rotate(0, SYSTEM);
    expect(one.publicKeys()).toHaveLength(1);
    expect(publicKeyOf(one)).not.toBe(second);
  });
});

function publicKeyOf(signingKey: SigningKey): string {
  return signingKey.publicKeys()[0]!.publicKey;
}

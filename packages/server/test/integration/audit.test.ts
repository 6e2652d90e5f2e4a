import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { SYSTEM } from '../../src/store/who.ts';
import { postgresEngine, sqliteEngine } from '../stores.ts';

const EVERYTHING = { app: null, location: null, scopes: ['*'], expiresAt: null };
const SECRET = { secretHash: Buffer.alloc(32) };
const ALL = { before: Number.MAX_SAFE_INTEGER, limit: 5000 };

describe.each([sqliteEngine(), postgresEngine()])('$name', (engine) => {
  let store: Store;
  beforeAll(() => engine.start(), 60_000);
  beforeEach(async () => void (store = await engine.open()));
  afterAll(() => engine.stop());

  const makeKey = (id: string) =>
    store.createKey({ id, name: id, ...SECRET, ...EVERYTHING, by: SYSTEM });
  const revoke = (id: string) => store.revokeKey({ id, keepsLast: true, by: SYSTEM });

  it('keeps one key that can do everything, however many are revoked at once', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    for (const id of ids) await makeKey(id);
    const done = await Promise.all(ids.map(revoke));
    expect(done.toSorted()).toStrictEqual(['last', 'revoked', 'revoked', 'revoked', 'revoked']);
    expect(await store.listKeys({})).toHaveLength(1);
  });

  it('makes one successor, however many ask at once', async () => {
    await makeKey('old');
    const rotate = (id: string) =>
      store.rotateKey({
        id: 'old',
        successor: { id, ...SECRET },
        expiresAt: undefined,
        overlapMs: 60_000,
        by: SYSTEM,
      });
    const made = (await Promise.all(['a', 'b', 'c'].map(rotate))).filter((key) => key !== null);
    expect(made).toHaveLength(1);
    const [next] = made;
    expect(next).toMatchObject({ name: 'old', scopes: ['*'], expiresAt: null });
    const old = await store.getKey({ id: 'old' });
    expect(old).toMatchObject({ successor: next!.id, expiresAt: next!.createdAt + 60_000 });
  });

  it('notes a change with it, and nothing when nothing changed', async () => {
    await store.deleteSecret({ scope: 'default', by: SYSTEM });
    await revoke('unknown');
    await store.deleteApp({ id: 1, by: SYSTEM });
    expect(await store.listAudit(ALL)).toStrictEqual([]);
    const sealed = Buffer.from('sealed');
    await store.putSecret({ scope: 'default', keyId: 'k', sealed, by: SYSTEM, overlapMs: 0 });
    // A note that cannot be kept takes its change with it.
    const who = { ...SYSTEM, kind: 'nobody' as 'system' };
    await expect(
      store.putSecret({ scope: 'location:1', keyId: 'k', sealed, by: who, overlapMs: 0 }),
    ).rejects.toThrow(/check/i);
    expect(await store.listSecrets(undefined)).toHaveLength(1);
    expect(await store.listAudit(ALL)).toMatchObject([
      { by: SYSTEM, what: 'secret.set', subject: 'secret:default', details: {} },
    ]);
  });

  it('leaves in slices, the oldest first, and only what is old', async () => {
    const refusals = Array.from({ length: 1200 }, (_, i) => ({
      minute: 0,
      address: `10.0.${i >> 8}.${i & 255}`,
      count: 1,
    }));
    await store.keepRefusals({ refusals });
    const { at } = (await store.listAudit({ ...ALL, limit: 1 }))[0]!;
    expect(await store.removeOldAudit({ before: at - 60_000 })).toBe(0);
    const slices = [];
    for (let removed = -1; removed !== 0;) {
      slices.push((removed = await store.removeOldAudit({ before: at + 60_000 })));
    }
    expect(slices).toStrictEqual([500, 500, 200, 0]);
    expect(await store.listAudit(ALL)).toStrictEqual([]);
  });
});

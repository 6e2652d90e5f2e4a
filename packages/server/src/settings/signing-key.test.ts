import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresEngine, sqliteEngine } from '../../test/stores.ts';
import type { Store } from '../store/store.ts';
import { createReseal } from './reseal.ts';
import { createSecretBox } from './secret-box.ts';
import { openSecrets } from './secrets.ts';
import { openSigningKey } from './signing-key.ts';

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
    const opened = await Promise.all([1, 2, 3].map(() => openSigningKey({ store, box, log })));
    const [first] = opened;
    expect(first!.publicKey).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
    for (const each of opened) expect(each!.publicKey).toBe(first!.publicKey);
    const [kept] = await store.listSecrets(undefined);
    expect(Buffer.from(kept!.sealed).includes('whsk_')).toBe(false);
    // It signs no call as a shared secret.
    const secrets = await openSecrets({ store, box, clock: Date, log });
    expect(secrets.applying({ app: null, location: null })).toStrictEqual([]);
  });

  it('goes over to another key with all secrets, and is missing without its key', async () => {
    const before = await openSigningKey({ store, box, log });
    await createReseal({ store, box: createSecretBox([NEW, OLD]), log })();
    const after = await openSigningKey({ store, box: createSecretBox([NEW]), log });
    expect(after!.jwk).toStrictEqual(before!.jwk);
    expect(await openSigningKey({ store, box, log })).toBeNull();
  });
});

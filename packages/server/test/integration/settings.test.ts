import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openKeys } from '../../src/settings/keys.ts';
import { createSecretBox } from '../../src/settings/secret-box.ts';
import { openSecrets } from '../../src/settings/secrets.ts';
import type { Store } from '../../src/store/store.ts';
import { sqliteEngine } from '../stores.ts';
import { SYSTEM } from '../../src/store/who.ts';

const engine = sqliteEngine();
let store: Store;
beforeAll(async () => void (store = await engine.open()));
afterAll(() => engine.stop());

/** The store, whose next answer to an operation, once held, comes when it is let go. */
function holding(name: 'listSecrets' | 'listKeys') {
  let held: Promise<void> | null = null;
  const operation = store[name] as (input: unknown) => Promise<unknown>;
  const slow = async (input: unknown) => {
    const found = await operation(input);
    const until = held;
    held = null;
    await until;
    return found;
  };
  return {
    store: { ...store, [name]: slow } as Store,
    /** Returns what lets it go. */
    hold: (): (() => void) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
  };
}

it('a secret that is set while all are read again is not forgotten', async () => {
  const { store: slow, hold } = holding('listSecrets');
  const box = createSecretBox([Buffer.alloc(32, 7)]);
  const secrets = await openSecrets({
    store: slow,
    box,
    clock: Date,
    log: pino({ level: 'silent' }),
  });
  const letGo = hold();
  const reloading = secrets.reload();
  await secrets.set('default', 'shared', 0, SYSTEM);
  letGo();
  await reloading;
  expect(secrets.applying({ app: null, location: null })).toEqual(['shared']);
});

it('a key that is made while all are read again is known, one that is revoked is not', async () => {
  const { store: slow, hold } = holding('listKeys');
  const keys = await openKeys(slow, null, Date);
  const { id: app } = await store.createApp({ name: 'App', by: SYSTEM });
  const make = () =>
    keys.create({ app, location: null, name: 'one', scopes: [], expiresAt: null }, SYSTEM);
  const old = await make();
  const letGo = hold();
  const reloading = keys.reload();
  const made = await make();
  await keys.revoke({ id: old.id, app }, SYSTEM);
  letGo();
  await reloading;
  expect(keys.authenticate(made.key)).not.toBeNull();
  expect(keys.authenticate(old.key)).toBeNull();
});

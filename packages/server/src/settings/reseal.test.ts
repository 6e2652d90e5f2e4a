import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { sqliteEngine } from '../../test/stores.ts';
import type { Store } from '../store/store.ts';
import { SYSTEM } from '../store/who.ts';
import { createReseal } from './reseal.ts';
import { createSecretBox } from './secret-box.ts';

const OLD = Buffer.alloc(32, 1);
const NEW = Buffer.alloc(32, 2);
const before = createSecretBox([OLD]);
const during = createSecretBox([NEW, OLD]);
const after = createSecretBox([NEW]);

const engine = sqliteEngine();
let store: Store;
let said: string[];
const log = pino({ level: 'info' }, { write: (line) => void said.push(line) });
beforeAll(async () => void (store = await engine.open()));
afterAll(() => engine.stop());
beforeEach(async () => {
  said = [];
  for (const { scope } of await store.listSecrets(undefined))
    await store.deleteSecret({ scope, by: SYSTEM });
});

const put = (scope: string, secret: string, overlapMs = 0, box = before) =>
  store.putSecret({ scope, ...box.seal(secret, scope), overlapMs, by: SYSTEM });
const opened = async () =>
  (await store.listSecrets(undefined)).map((secret) => after.open(secret, secret.scope));

it('seals with the first key what an old one sealed, in slices, and says when it is done', async () => {
  for (let id = 1; id <= 149; id++) await put(`location:${id}`, `secret ${id}`);
  await put('location:149', 'the next', 60_000);
  const reseal = createReseal({ store, box: during, log });
  expect([await reseal(), await reseal()]).toStrictEqual([100, 50]);
  expect(said).toStrictEqual([]);
  expect([await reseal(), await reseal()]).toStrictEqual([0, 0]);
  expect(said).toHaveLength(1);
  const all = await opened();
  expect(all).toHaveLength(150);
  expect(all).toContain('the next');
  expect(all).toContain('secret 149');
});

it('is told again when a node with the old key first has sealed something meanwhile', async () => {
  const reseal = createReseal({ store, box: during, log });
  await reseal();
  await put('default', 'late');
  expect([await reseal(), await reseal()]).toStrictEqual([1, 0]);
  expect(said).toHaveLength(2);
});

it('leaves alone what was set, or sealed anew, since it was read', async () => {
  await put('default', 'first');
  await put('location:1', 'of one');
  const reseal = createReseal({
    box: during,
    log,
    store: {
      ...store,
      async listSecrets(input) {
        const found = await store.listSecrets(input);
        await put('default', 'second', 60_000, after);
        const one = found.find(({ scope }) => scope === 'location:1');
        await store.resealSecrets({ anew: [{ from: one!, to: after.seal('of one', one!.scope) }] });
        return found;
      },
    },
  });
  expect(await reseal()).toBe(0);
  const [current, previous, one] = await store.listSecrets(undefined);
  expect(after.open(current!, 'default')).toBe('second');
  expect(before.open(previous!, 'default')).toBe('first');
  expect(after.open(one!, 'location:1')).toBe('of one');
});

it('leaves what it cannot open, and does not say that nothing is left', async () => {
  await put('default', 'of all');
  await store.putSecret({
    scope: 'location:1',
    ...before.seal('of two', 'location:2'),
    overlapMs: 0,
    by: SYSTEM,
  });
  const reseal = createReseal({ store, box: during, log });
  expect([await reseal(), await reseal()]).toStrictEqual([1, 0]);
  expect(said).toStrictEqual([]);
});

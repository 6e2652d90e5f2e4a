import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sqliteEngine } from '../../test/stores.ts';
import type { Store } from '../store/store.ts';
import { createSecretBox } from './secret-box.ts';
import { openSecrets } from './secrets.ts';
import { SYSTEM } from '../store/who.ts';

const engine = sqliteEngine();
const log = pino({ level: 'silent' });
let store: Store;
beforeAll(async () => void (store = await engine.open()));
afterAll(() => engine.stop());

it('signs nothing in the place of a secret that cannot be opened, not even with the default', async () => {
  const box = createSecretBox(Buffer.alloc(32, 1));
  const secrets = await openSecrets(store, box, log);
  await secrets.set('default', 'of all', SYSTEM);
  const other = await openSecrets(store, createSecretBox(Buffer.alloc(32, 2)), log);
  await other.set('location:7', 'of the location', SYSTEM);
  await secrets.reload();

  expect(secrets.applying({ app: null, location: 7 })).toEqual([]);
  expect(secrets.setAt('location:7')).not.toBeNull();
  expect(secrets.applying({ app: null, location: 8 })).toEqual(['of all']);
  expect(other.applying({ app: null, location: 7 })).toEqual(['of the location']);
});

it('refuses a sealed secret whose tag was cut short', () => {
  const box = createSecretBox(Buffer.alloc(32, 1));
  expect(() => box.open(new Uint8Array([0, 0x11, 0x22, 0x33]), 'default')).toThrow(
    'authentication tag',
  );
});

import { pino } from 'pino';
import { expect, it } from 'vitest';
import { UNBOUNDED } from '../store/bounds.ts';
import { StoreUnavailable } from '../store/errors.ts';
import type { Store } from '../store/store.ts';
import { createLive } from './live.ts';
import { relayToOthers } from './relay.ts';

it('tells those who listen, here and elsewhere, that they may have missed something', async () => {
  const log = pino({ level: 'silent' });
  const told: (string | null)[] = [];
  const heard = Promise.withResolvers<boolean>();
  const passedOn = Promise.withResolvers<void>();
  const relayTidings: Store['relayTidings'] = async (input) => {
    told.push(input.told);
    if (told.length === 2) throw new StoreUnavailable('it is away');
    if (told.length > 3 && input.told !== null) passedOn.resolve();
    return { isHeard: true, tidings: [] };
  };
  const store = { isShared: true, relayTidings } as Store;
  const live = createLive({ store, log });
  live.listen({
    bounds: UNBOUNDED,
    kinds: new Set(),
    hear: (_news, isIncomplete) => heard.resolve(isIncomplete),
    end() {},
  });
  const relay = relayToOthers({ store, session: { id: 1, isHeld: true }, live, log });

  expect(await heard.promise).toBe(true);
  await passedOn.promise;
  expect(JSON.parse(told.at(-1)!)).toMatchObject({ isIncomplete: true });
  await relay.stop();
  live.stop();
}, 10_000);

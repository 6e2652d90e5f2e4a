import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { Lanes } from '../lanes/lanes.ts';
import type { Store } from '../store/store.ts';
import { createAccept } from './accept.ts';

it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
  'keeps a report that comes %i turns behind the commit before it',
  async (turns) => {
    const committed = Promise.withResolvers<void>();
    const acceptEvents: Store['acceptEvents'] = ({ requests }) => {
      committed.resolve();
      return Promise.resolve({
        requests: requests.map(() => ({ kind: 'accepted', events: [[1, 0]] })),
        leased: { key: [], eventKey: [], webhook: [], request: [], record: [] },
        woken: [],
      });
    };
    const accept = createAccept({
      store: { acceptEvents } as Store,
      lanes: { rooms: () => new Map(), take: () => () => {} } as unknown as Lanes,
      log: pino({ level: 'silent' }),
      flushSettler: () => {},
      session: { id: 1, isHeld: true },
      turn: () => null,
    });
    const report = { action: 6, location: null, records: [Buffer.from('{}')], idempotency: null };
    const first = accept.accept(report);
    await committed.promise;
    for (let i = 0; i < turns; i++) await Promise.resolve();
    expect(await accept.accept(report)).toMatchObject({ kind: 'accepted' });
    expect(await first).toMatchObject({ kind: 'accepted' });
  },
  1000,
);

import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { Lanes } from '../lanes/lanes.ts';
import { StoreUnavailable } from '../store/errors.ts';
import type { Store } from '../store/store.ts';
import { type Accept, createAccept } from './accept.ts';

const report = { action: 6, location: null, records: [Buffer.from('{}')], idempotency: null };

function acceptInto(acceptEvents: Store['acceptEvents']): Accept {
  return createAccept({
    store: { acceptEvents } as Store,
    lanes: { rooms: () => new Map(), take: () => () => {} } as unknown as Lanes,
    log: pino({ level: 'silent' }),
    flushSettler: () => {},
    onKept: () => {},
    session: { id: 1, isHeld: true },
    turn: () => null,
  });
}

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
    const accept = acceptInto(acceptEvents);
    const first = accept.accept(report);
    await committed.promise;
    for (let i = 0; i < turns; i++) await Promise.resolve();
    expect(await accept.accept(report)).toMatchObject({ kind: 'accepted' });
    expect(await first).toMatchObject({ kind: 'accepted' });
  },
  1000,
);

it('brings what the store put off with the next commit, before what came later', async () => {
  const asked: number[][] = [];
  const accept = acceptInto(({ requests }) => {
    asked.push(requests.map(({ action }) => action));
    const isFirst = asked.length === 1;
    return Promise.resolve({
      requests: requests.map(({ action }) =>
        isFirst && action > 1 ? { kind: 'later' } : { kind: 'accepted', events: [[action, 0]] },
      ),
      leased: { key: [], eventKey: [], webhook: [], request: [], record: [] },
      woken: [],
    });
  });
  const answers = await Promise.all(
    [1, 2, 3].map(async (action) => accept.accept({ ...report, action })),
  );
  expect(asked).toStrictEqual([
    [1, 2, 3],
    [2, 3],
  ]);
  expect(answers).toMatchObject([1, 2, 3].map((key) => ({ events: [[key, 0]] })));
});

it('refuses what waited while the store found that it cannot answer, instead of asking it again', async () => {
  const asked = Promise.withResolvers<void>();
  const given = Promise.withResolvers<never>();
  let commits = 0;
  const accept = acceptInto(() => {
    commits++;
    asked.resolve();
    return given.promise;
  });
  const first = accept.accept(report);
  await asked.promise;
  const second = accept.accept(report);
  given.reject(new StoreUnavailable('it is away'));
  await expect(first).rejects.toThrow('it is away');
  await expect(second).rejects.toThrow('it is away');
  expect(accept.isRefusing).toBe(true);
  expect(commits).toBe(1);
});

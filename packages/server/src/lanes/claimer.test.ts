import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { Store } from '../store/store.ts';
import { createClaimer } from './claimer.ts';
import { Lane } from './lane.ts';

/** A claimer whose clock says these times, one per question, and then the last one for ever. */
function claimerAt(times: number[]) {
  const claimed = Promise.withResolvers<readonly number[]>();
  const answered = Promise.withResolvers<void>();
  const claimDeliveries: Store['claimDeliveries'] = ({ lanes }) => {
    const webhooks = lanes.map(({ webhook }) => webhook);
    if (webhooks.includes(7)) claimed.resolve(webhooks);
    answered.resolve();
    return Promise.resolve({ deliveries: [], nextDueAt: new Map() });
  };
  const claimer = createClaimer({
    store: { claimDeliveries } as Store,
    session: { id: 1, isHeld: true },
    clock: { now: () => (times.length > 1 ? times.shift()! : times[0]!) },
    log: pino({ level: 'silent' }),
    take: () => {},
  });
  return { claimer, claimed: claimed.promise, answered: answered.promise };
}

it('claims what becomes due between two looks at the clock', async () => {
  // Due at 10. The timer fires a little early, at 9; the next look at the clock says 10 already.
  const { claimer, claimed } = claimerAt([5, 9, 9, 10]);
  claimer.wake(new Lane(7), 10);
  expect(await claimed).toStrictEqual([7]);
  await claimer.stop();
}, 1000);

it('claims for the others when the store refuses what one lane asks for', async () => {
  const claimed: number[] = [];
  const asked: number[][] = [];
  const all = Promise.withResolvers<void>();
  const claimDeliveries: Store['claimDeliveries'] = async ({ lanes }) => {
    const webhooks = lanes.map(({ webhook }) => webhook);
    asked.push(webhooks);
    // The first claim is for one lane; the others gather behind it.
    if (asked.length === 1) await Promise.resolve();
    if (webhooks.includes(2)) throw new Error('a row that cannot be read');
    return { deliveries: [], nextDueAt: new Map() };
  };
  const claimer = createClaimer({
    store: { claimDeliveries } as Store,
    session: { id: 1, isHeld: true },
    clock: { now: () => 100 },
    log: pino({ level: 'silent' }),
    take(webhook) {
      claimed.push(webhook);
      if (claimed.length === 3) all.resolve();
    },
  });
  for (const webhook of [1, 2, 3, 4]) claimer.wake(new Lane(webhook), 50);
  await all.promise;
  expect(claimed).toStrictEqual([1, 3, 4]);
  expect(asked).toContainEqual([2, 3, 4]);
  await claimer.stop();
}, 1000);

it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
  'claims what is woken %i turns behind the answer of a claim, while its round ends',
  async (turns) => {
    const { claimer, claimed, answered } = claimerAt([100]);
    claimer.wake(new Lane(1), 50);
    await answered;
    for (let i = 0; i < turns; i++) await Promise.resolve();
    claimer.wake(new Lane(7), 50);
    expect(await claimed).toContain(7);
    await claimer.stop();
  },
  1000,
);

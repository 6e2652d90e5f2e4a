import { expect, it } from 'vitest';
import { Missing } from './servers.ts';
import { inTurn } from './turns.ts';

it('makes the measurements in turn, and goes on with the others when one fails', async () => {
  const made: string[] = [];
  const failures: string[] = [];
  const rounds = await inTurn(
    { options: { rounds: 2 }, failed: ({ message }) => failures.push(message) },
    {
      first: async () => {
        made.push('first');
        if (made.length === 1) throw new Error('it stalled');
        return 1;
      },
      second: async () => {
        made.push('second');
        return 2;
      },
    },
  );
  expect(made).toStrictEqual(['first', 'second', 'first', 'second']);
  expect(rounds).toStrictEqual([{ second: 2 }, { first: 1, second: 2 }]);
  expect(failures).toStrictEqual(['it stalled']);
});

it('measures nothing without a tool that is missing', async () => {
  const missing = () => Promise.reject(new Missing('there is no such tool'));
  const needs = { options: { rounds: 2 }, failed: () => expect.unreachable() };
  await expect(inTurn(needs, { missing })).rejects.toThrow('there is no such tool');
});

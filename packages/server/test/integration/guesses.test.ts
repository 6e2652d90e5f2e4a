import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGuesses } from '../../src/people/guesses.ts';
import type { Store } from '../../src/store/store.ts';
import { postgresEngine, sqliteEngine } from '../stores.ts';

const FROM = '192.0.2.1';
/** Guesses that one address has. */
const ALLOWED = 30;

describe.each([sqliteEngine(), postgresEngine()])('guesses on $name', (engine) => {
  let store: Store;
  let asked = 0;
  let now: number;
  beforeAll(() => engine.start(), 60_000);
  beforeEach(async () => {
    store = await engine.open();
    asked = 0;
    now = Date.now();
  });
  afterAll(() => engine.stop());

  const make = () =>
    createGuesses(
      {
        countGuesses(input) {
          asked++;
          return store.countGuesses(input);
        },
        forgiveGuesses: (input) => store.forgiveGuesses(input),
      },
      { now: () => now },
    );

  it('of an address that has too many cost the store nothing for a while', async () => {
    const guesses = make();
    for (let i = 0; i < ALLOWED; i++)
      expect(await guesses.count(`${i}@example.com`, FROM)).toStrictEqual({ kind: 'go' });
    for (let i = 0; i < 20; i++)
      expect(await guesses.count(`${i}@example.org`, FROM)).toMatchObject({ kind: 'too-many' });
    expect(await guesses.countAddress(FROM)).toMatchObject({ kind: 'too-many' });
    expect(asked).toBe(ALLOWED + 1);
    expect(await guesses.count('a@example.com', '192.0.2.2')).toStrictEqual({ kind: 'go' });
    // The store is asked again: another node may know better.
    now += 5_000;
    expect(await guesses.count('a@example.com', FROM)).toMatchObject({ kind: 'too-many' });
    expect(asked).toBe(ALLOWED + 3);
  });

  it('are let in again when those before them turned out to be right', async () => {
    const guesses = make();
    for (let i = 0; i <= ALLOWED; i++) await guesses.count(`${i}@example.com`, FROM);
    for (let i = 0; i < ALLOWED; i++) await guesses.forgive(`${i}@example.com`, FROM);
    now += 5_000;
    expect(await guesses.count('late@example.com', FROM)).toStrictEqual({ kind: 'go' });
  });
});

import type { Random } from '../crash/random.ts';
import type { Tally } from '../tally.ts';
import type { EngineName } from './service.ts';

/** A way to break something, and what must hold while and after it is broken. */
export interface Recipe {
  /** As the facts about reliability number it: `F1`. */
  readonly name: string;
  /** What is broken, in a few words. */
  readonly what: string;
  readonly engines: readonly EngineName[];
  /** The engines of the short form, if not all: those on which it takes seconds. */
  readonly shortEngines?: readonly EngineName[];
  /** Why it cannot run on this machine; null or nothing: it can. */
  readonly skipped?: string | null;
  run(input: RunInput): Promise<Row>;
}

export interface RunInput {
  readonly recipe: string;
  readonly engine: EngineName;
  /** Short: some seconds and few faults, part of `npm test`. */
  readonly form: 'short' | 'long';
  /** How much longer than the long form: 1 is some minutes for all recipes. */
  readonly scale: number;
  readonly random: Random;
}

/** What a run of a recipe brought to light: a row of the table. */
export interface Row extends Tally {
  readonly recipe: string;
  readonly engine: EngineName;
  readonly faults: number;
  readonly inFlight: number;
  /** Between two calls that arrived one after the other while there was load. */
  readonly longestGapMs: number;
  readonly slowestAnswerMs: number;
  readonly answersOver5s: number;
  /** Requests without an answer, refused connections left out. */
  readonly unanswered: number;
  readonly seconds: number;
  /** What was lost and repeated is what this fault means; it is told, and left out of the sums. */
  readonly isLossExpected?: boolean;
  /** What only this recipe measures, in words. */
  readonly notes: readonly string[];
  readonly violations: readonly string[];
}

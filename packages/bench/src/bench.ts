import type { Options } from './options.ts';
import type { Servers } from './servers.ts';

/** One thing that is measured: it promises its rows beforehand and gives the figures of each. */
export interface Bench {
  readonly name: string;
  readonly rows: (options: Options) => readonly RowDefinition[];
  /** The figures by the name of the row. Throws `Missing` if a tool is not there. */
  run(context: BenchContext): Promise<Readonly<Record<string, Figures>>>;
}

export interface RowDefinition {
  readonly name: string;
  readonly what: string;
  readonly unit: 'events/s' | '×' | 'ms' | 's' | 'MB';
  readonly target?: Target;
}

export type Target = { readonly atLeast: number } | { readonly atMost: number };

export interface Figures {
  /** One per round; the table shows their median and range. */
  readonly samples: readonly number[];
  /** What a reader of the table must know about this run. */
  readonly note?: string;
}

export interface BenchContext {
  readonly options: Options;
  readonly servers: Servers;
  /** Keeps a raw figure for the JSON file, and tells it to whoever watches. */
  readonly record: (what: string, figures: object) => void;
  /** One measurement could not be made; the others of the bench can. */
  readonly failed: (error: Error) => void;
}

import { parseArgs } from 'node:util';

/** Everything a run can be told; shared by all benches. */
export interface Options {
  /** Benches to run; empty: all. */
  readonly names: readonly string[];
  /** Of load per measurement, without the warm-up. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** How often each measurement is made, in turn with those it is compared with. */
  readonly rounds: number;
  /** Deliveries in the store of the bench `stored`. */
  readonly stored: number;
  /** Deliveries that are due behind the dead receiver of the bench `waiting`. */
  readonly waiting: number;
  /** A folder in which filled stores are kept for the next run; null: removed at the end. */
  readonly keep: string | null;
  /** A Redis that is running; null: one of our own. */
  readonly redis: string | null;
  /** Whether every service writes CPU profiles. */
  readonly profile: boolean;
  /** Folder of the JSON file. */
  readonly results: string;
  /** Pages into which the run is put, between their markers. */
  readonly write: readonly string[];
  /** The results of an earlier run, which is published again instead of a new one; null: run. */
  readonly from: string | null;
}

export const USAGE = `npm run bench -- [NAME…] [OPTIONS]

  --quick            short measurements and small stores; options beside it win
  --seconds 5        of load per measurement
  --warm-up 2        seconds of load before it that do not count; 0: none
  --rounds 3         of each measurement, in turn with those it is compared with
  --stored 10000000  deliveries in the large store (6 GB on disk while it runs)
  --waiting 1000000  deliveries due behind one dead receiver
  --keep DIR         keep the filled stores there, and use those that are there
  --redis URL        a running Redis for BullMQ; default: redis-server, if it is installed
  --profile          every service writes CPU profiles beside the results
  --results DIR      folder of the results; default: bench-results
  --write FILE       put the table into a page, between <!-- bench --> and <!-- /bench -->, and a
                     summary between <!-- numbers --> and <!-- /numbers -->; more than once: pages
  --from FILE        measure nothing: take the JSON file of an earlier run
`;

const QUICK = { seconds: 1, warmUp: 0.5, rounds: 1, stored: 100_000, waiting: 20_000 };
const FULL = { seconds: 5, warmUp: 2, rounds: 3, stored: 10_000_000, waiting: 1_000_000 };

/** Throws a sentence for people if something is not an option or not a number. */
export function readOptions(args: readonly string[]): Options {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      seconds: { type: 'string' },
      'warm-up': { type: 'string' },
      rounds: { type: 'string' },
      stored: { type: 'string' },
      waiting: { type: 'string' },
      keep: { type: 'string' },
      redis: { type: 'string' },
      profile: { type: 'boolean', default: false },
      results: { type: 'string', default: 'bench-results' },
      write: { type: 'string', multiple: true, default: [] },
      from: { type: 'string' },
    },
  });
  const defaults = values.quick ? QUICK : FULL;
  return {
    names: positionals,
    seconds: positive('seconds', values.seconds, defaults.seconds),
    warmUpSeconds: number('warm-up', values['warm-up'], defaults.warmUp),
    rounds: positive('rounds', values.rounds, defaults.rounds),
    stored: positive('stored', values.stored, defaults.stored),
    waiting: positive('waiting', values.waiting, defaults.waiting),
    keep: values.keep ?? null,
    redis: values.redis ?? null,
    profile: values.profile,
    results: values.results,
    write: values.write,
    from: values.from ?? null,
  };
}

function positive(name: string, text: string | undefined, usual: number): number {
  const value = number(name, text, usual);
  if (value === 0) throw new Error(`--${name}: must be above 0`);
  return value;
}

function number(name: string, text: string | undefined, usual: number): number {
  const value = text === undefined ? usual : Number(text);
  if (!(value >= 0)) throw new Error(`--${name}: ${text} is not a number of 0 or more`);
  return value;
}

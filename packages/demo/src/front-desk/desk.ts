import { loadCatalogue } from '@posthorn/server/catalogue';
import type { Random } from './random.ts';
import type { Location } from './space.ts';
import { MINUTE_MS, stampText } from './times.ts';

/** One action that took place, ready to be reported. */
export interface Step {
  /** The name of an action of the catalogue. */
  readonly action: string;
  /** The id of the location where it took place. */
  readonly location: number;
  /** Compact JSON of a full record: all fields that the action's sample has, in its order. */
  readonly record: string;
  /** One plain line for the terminal. */
  readonly tell: string;
}

/** Told step by step; between two steps of it, others take place. */
export type Story = Generator<Step, void, undefined>;

/** A record as it stands. A change makes a new one; the old one is what was reported before. */
export type Values = Readonly<Record<string, unknown>>;

/** What every story needs. */
export interface Desk {
  readonly random: Random;
  /** Epoch ms. */
  now(): number;
  /** Grows, and is never given twice. */
  nextId(): number;
  /** A new record like the sample of the action, with `values` in it. */
  create(action: string, values: Values): Values;
  /** The same record, later: `UpdatedOn` moves on even if the clock does not. */
  change(record: Values, values: Values): Values;
  report(location: Location, action: string, record: Values, tell: string): Step;
}

const catalogue = loadCatalogue();

export function openDesk(random: Random, now: () => number): Desk {
  let lastId = 1_420_000_000 + random.between(0, 9_999_999);
  const stamp = (at: number) => stampText(at, random.between(0, 9_999));
  const nextId = () => (lastId += random.between(3, 97));
  return {
    random,
    now,
    nextId,
    create: (action, values) => {
      const createdOn = stamp(now());
      return withValues(sampleOf(action), {
        Id: nextId(),
        UniqueId: random.guid(),
        CreatedOn: createdOn,
        UpdatedOn: createdOn,
        UpdatedBy: '[System]',
        ...values,
      });
    },
    change: (record, values) => {
      const last = Date.parse(String(record['UpdatedOn']));
      return withValues(record, { UpdatedOn: stamp(Math.max(now(), last + 1)), ...values });
    },
    report: (location, action, record, tell) => ({
      action,
      location: location.id,
      record: JSON.stringify(record),
      tell,
    }),
  };
}

/** Whole minutes from now. */
export function minutesUntil(desk: Desk, at: number): number {
  return Math.floor((at - desk.now()) / MINUTE_MS);
}

function sampleOf(name: string): Values {
  const action = catalogue.findAction(name);
  if (action === undefined) throw new Error(`The catalogue has no action ${name}.`);
  return JSON.parse(catalogue.sampleRecord(action)) as Values;
}

/** Keeps the order of the fields; a field that the record does not have is a slip of ours. */
function withValues(record: Values, values: Values): Values {
  for (const field of Object.keys(values)) {
    if (!(field in record)) throw new Error(`The record has no field ${field}.`);
  }
  return { ...record, ...values };
}

import { distance } from 'fastest-levenshtein';
import actionRows from './nexudus/actions.json' with { type: 'json' };
import enumLists from './nexudus/enums.json' with { type: 'json' };
import recordFields from './nexudus/records.json' with { type: 'json' };
import samples from './nexudus/samples.json' with { type: 'json' };
import { recordSchema, type RecordFields } from './record-schema.ts';

/** A kind of thing that takes place. */
export interface Action {
  /** The number that webhooks and enums carry, from 1 without gaps. */
  readonly value: number;
  /** The key that API clients write, such as `BookingCreate`; its oddities are part of the contract. */
  readonly name: string;
  /** What people read, such as "Booking Create". */
  readonly label: string;
  /**
   * The type of the record that the action carries; null for the sentinel `None`, which never fires.
   * That the check-in actions of a coworker, `SendWelcomeEmail` and `AccessControlUpdate` carry a
   * Coworker, and `FailedCheckin` a Checkin, is our assumption: nobody says so in public.
   */
  readonly record: string | null;
}

/** One value of an enum, in the form in which the enum endpoint answers. */
export interface EnumValue {
  readonly Id: number;
  readonly Name: string;
  readonly Label: string;
}

/** All actions, the record each carries, its schema and a sample. Immutable. */
export interface Catalogue {
  /** By value, the sentinel `None` included. */
  readonly actions: readonly Action[];

  /** By name in any case, or by value in decimal digits; constant time, for it runs per request. */
  findAction(nameOrValue: string): Action | undefined;

  /** The name of a value, also of one that a later catalogue has: then its digits. */
  actionName(value: number): string;

  /** The name that somebody probably meant, for the message that an action does not exist. */
  closestActionName(text: string): string;

  /**
   * The JSON Schema (2020-12) of the action's record: every field of the call to a receiver is
   * required, those that only newer REST answers have are optional, and unknown ones are allowed.
   * The same object for all actions of a record; do not change it. Throws for `None`.
   */
  recordSchema(action: Action): object;

  /**
   * A made-up record as compact JSON: all fields of a call to a receiver in their order, without
   * those that only newer REST answers have. Throws for `None`.
   */
  sampleRecord(action: Action): string;

  /**
   * The values of an enum, by its exact name; `eWebhookAction` has all actions. Of the other enums
   * only values with a published name are known, so those lists may have gaps
   * (`eBookingRepeatCycle` ends before 5 to 9, `eRepeatedBookingUpdateAction` lacks 2 to 7).
   */
  enumValues(name: string): readonly EnumValue[] | undefined;
}

/** Longer texts are nobody's slip of the pen, and the distance costs length times length. */
const MAX_CLOSEST_CHARS = 80;

/** Reads nothing at run time: the data files are modules, so a broken one fails the start. */
export function loadCatalogue(): Catalogue {
  const actions = (actionRows as [number, string, string, string | null][]).map(
    ([value, name, label, record]): Action => ({ value, name, label, record }),
  );
  const actionsByKey = new Map<string, Action>();
  for (const action of actions) {
    actionsByKey.set(action.name.toLowerCase(), action);
    actionsByKey.set(String(action.value), action);
  }

  const enums = new Map<string, readonly EnumValue[]>(Object.entries(enumLists));
  enums.set(
    'eWebhookAction',
    actions.map(({ value, name, label }) => ({ Id: value, Name: name, Label: label })),
  );

  return {
    actions,
    findAction: (nameOrValue) => actionsByKey.get(nameOrValue.toLowerCase()),
    actionName: (value) => actions[value - 1]?.name ?? String(value),
    closestActionName: (text) => closestName(actions, text),
    recordSchema: ofRecord((record) => {
      const fields = (recordFields as Record<string, RecordFields>)[record];
      return fields && recordSchema(record, fields, enums);
    }),
    sampleRecord: ofRecord((record) => {
      const sample = (samples as Record<string, object>)[record];
      return sample && JSON.stringify(sample);
    }),
    enumValues: (name) => enums.get(name),
  };
}

function closestName(actions: readonly Action[], text: string): string {
  const wanted = text.slice(0, MAX_CLOSEST_CHARS).toLowerCase();
  let closest = { name: '', edits: Infinity };
  for (const { name, record } of actions) {
    const edits = distance(wanted, name.toLowerCase());
    if (record !== null && edits < closest.edits) closest = { name, edits };
  }
  return closest.name;
}

/** Makes a thing once per record type, when it is first asked for. */
function ofRecord<T>(make: (record: string) => T | undefined): (action: Action) => T {
  const made = new Map<string, T>();
  return ({ name, record }) => {
    if (record === null) throw new Error(`The action ${name} carries no record.`);
    const thing = made.get(record) ?? make(record);
    if (thing === undefined) throw new Error(`The catalogue has no data about a ${record}.`);
    made.set(record, thing);
    return thing;
  };
}

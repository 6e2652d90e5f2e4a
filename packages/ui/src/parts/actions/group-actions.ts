import type { Action } from '@posthorn/sdk';

/** The actions that concern one type of record. */
export interface ActionGroup {
  /** As people read it: `Coworker Invoice`. */
  readonly record: string;
  readonly actions: readonly Action[];
  /** Whether the words that were searched for are in the record's name, not only in an action's. */
  readonly isNamed: boolean;
}

/**
 * The actions in which every word of `search` is found, by record in the order of the alphabet;
 * records that are named so themselves come first.
 */
export function groupActions(actions: readonly Action[], search: string): readonly ActionGroup[] {
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
  const hasAll = (text: string) => wanted.every((word) => text.toLowerCase().includes(word));
  const fitting = actions.filter(({ label, name, record, value }) =>
    hasAll(`${label} ${name} ${record} ${value}`),
  );
  const groups = Object.entries(Object.groupBy(fitting, ({ record }) => record)).map(
    ([record, those = []]): ActionGroup => ({
      record: inWords(record),
      actions: those,
      isNamed: wanted.length > 0 && hasAll(record),
    }),
  );
  return groups.toSorted(
    (a, b) => Number(b.isNamed) - Number(a.isNamed) || a.record.localeCompare(b.record),
  );
}

/** `CoworkerInvoice` as `Coworker Invoice`. */
function inWords(record: string): string {
  return record.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ');
}

import type { Action } from '@posthorn/sdk';

/** The actions that concern one type of record. */
export interface ActionGroup {
  /** As people read it: `Coworker Invoice`. */
  readonly record: string;
  readonly actions: readonly Action[];
  /** Whether the words that were searched for are in the record's name, not only in an action's. */
  readonly isNamed: boolean;
}

/** The actions in which every word of `search` is found. */
export function findActions(actions: readonly Action[], search: string): readonly Action[] {
  const words = wordsOf(search);
  return actions.filter(({ label, name, record, value }) =>
    hasAll(`${label} ${name} ${record} ${value}`, words),
  );
}

/**
 * The same by record, in the order of the alphabet; records that are named so themselves come
 * first.
 */
export function groupActions(actions: readonly Action[], search: string): readonly ActionGroup[] {
  const words = wordsOf(search);
  const found = Object.groupBy(findActions(actions, search), ({ record }) => record);
  const groups = Object.entries(found).map(([record, those = []]): ActionGroup => ({
    record: inWords(record),
    actions: those,
    isNamed: words.length > 0 && hasAll(record, words),
  }));
  return groups.toSorted(
    (a, b) => Number(b.isNamed) - Number(a.isNamed) || a.record.localeCompare(b.record),
  );
}

function wordsOf(search: string): readonly string[] {
  return search.toLowerCase().split(/\s+/).filter(Boolean);
}

function hasAll(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.toLowerCase().includes(word));
}

/** `CoworkerInvoice` as `Coworker Invoice`. */
function inWords(record: string): string {
  return record.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ');
}

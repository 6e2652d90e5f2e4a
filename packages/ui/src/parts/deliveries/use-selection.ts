import { useState } from 'react';

export interface Selection {
  /** Of those that are shown. */
  readonly ids: ReadonlySet<string>;
  readonly isAll: boolean;
  readonly toggle: (id: string) => void;
  readonly toggleAll: () => void;
  readonly clear: () => void;
}

/** Which rows are chosen. A row that leaves the list is chosen no longer. */
export function useSelection(rows: readonly { readonly id: string }[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const ids = new Set(rows.map(({ id }) => id).filter((id) => chosen.has(id)));
  const isAll = rows.length > 0 && ids.size === rows.length;
  return {
    ids,
    isAll,
    toggle(id) {
      const others = [...ids].filter((one) => one !== id);
      setChosen(new Set(ids.has(id) ? others : [...others, id]));
    },
    toggleAll: () => setChosen(new Set(isAll ? [] : rows.map(({ id }) => id))),
    clear: () => setChosen(new Set()),
  };
}

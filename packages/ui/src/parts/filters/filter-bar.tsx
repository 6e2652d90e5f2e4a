import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { texts } from '../../texts/texts.ts';
import styles from './filter-bar.module.css';
import { isFiltered } from './is-filtered.ts';

interface FilterBarProps {
  /** As it stands in the address, so that a page can be sent to somebody. */
  readonly filter: object;
  readonly onClear: () => void;
  readonly children: ReactNode;
}

/** What narrows a list, at its head. */
export function FilterBar({ filter, onClear, children }: FilterBarProps) {
  return (
    <form
      className={styles.bar}
      aria-label={texts.filters.title}
      onSubmit={(event) => event.preventDefault()}
    >
      {children}
      {isFiltered(filter) && (
        <Button variant="subtle" className={styles.clear} onClick={onClear}>
          {texts.filters.clear}
        </Button>
      )}
    </form>
  );
}

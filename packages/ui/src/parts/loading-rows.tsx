import { Skeleton } from '@mantine/core';
import { texts } from '../texts/texts.ts';
import styles from './loading-rows.module.css';

/** Stands for a list that is being read, in the place of its rows. */
export function LoadingRows({ rows = 6 }: { readonly rows?: number | undefined }) {
  return (
    <div className={styles.rows} role="status" aria-label={texts.parts.loading}>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height="2.5rem" radius="sm" />
      ))}
    </div>
  );
}

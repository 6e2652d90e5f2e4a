import { VisibleText } from '../visible-text/visible-text.tsx';
import styles from './header-list.module.css';

interface HeaderListProps {
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Whose they are, for those who hear the page. */
  readonly label: string;
}

/** Headers as they came or were sent: in their order, and names that repeat do. */
export function HeaderList({ headers, label }: HeaderListProps) {
  return (
    <dl className={styles.headers} aria-label={label}>
      {headers.map(([name, value], index) => (
        // oxlint-disable-next-line no-array-index-key -- a header is its place
        <div key={index} className={styles.header}>
          <dt>
            <VisibleText text={name} foldAfter={200} />
          </dt>
          <dd>
            <VisibleText text={value} foldAfter={500} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

import type { Attempt } from '@posthorn/sdk';
import { HeaderList } from '../../parts/http/header-list.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './headers.module.css';

interface HeadersProps {
  readonly headers: Attempt['request']['headers'];
  /** Whose they are, for those who hear the page. */
  readonly label: string;
}

/** Headers below a line that opens them. */
export function Headers({ headers, label }: HeadersProps) {
  if (headers.length === 0) return null;
  return (
    <details className={styles.headers}>
      <summary>{texts.delivery.headers(headers.length)}</summary>
      <HeaderList headers={headers} label={label} />
    </details>
  );
}

import type { Attempt } from '@posthorn/sdk';
import { VisibleText } from '../../parts/visible-text/visible-text.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './headers.module.css';

interface HeadersProps {
  readonly headers: Attempt['request']['headers'];
  /** Whose they are, for those who hear the page. */
  readonly label: string;
}

/** Headers in their order, below a line that opens them. */
export function Headers({ headers, label }: HeadersProps) {
  if (headers.length === 0) return null;
  return (
    <details className={styles.headers}>
      <summary>{texts.delivery.headers(headers.length)}</summary>
      <table aria-label={label}>
        <tbody>
          {headers.map(([name, value], index) => (
            // oxlint-disable-next-line no-array-index-key -- a name may stand there twice
            <tr key={index}>
              <th scope="row">
                <VisibleText text={name} foldAfter={200} />
              </th>
              <td>
                <VisibleText text={value} foldAfter={500} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

import { VisibleText } from '../visible-text/visible-text.tsx';
import styles from './request-line.module.css';

/** `POST https://…`, the first line of a call. */
export function RequestLine({ method, url }: { readonly method: string; readonly url: string }) {
  return (
    <p className={styles.line}>
      <span className={styles.method}>{method}</span>
      <VisibleText text={url} foldAfter={500} />
    </p>
  );
}

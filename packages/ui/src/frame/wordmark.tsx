import { texts } from '../texts/texts.ts';
import styles from './wordmark.module.css';

/** The post horn and the name. */
export function Wordmark() {
  return (
    <span className={styles.wordmark}>
      <Horn />
      {texts.frame.product}
    </span>
  );
}

/** One tube, one loop, a bell. */
function Horn() {
  return (
    <svg viewBox="0 0 32 32" className={styles.horn} aria-hidden="true">
      <path d="M3.5 9.5H13" />
      <circle cx="13" cy="17.5" r="8" />
      <path d="M13 9.5h6.5c3.5 0 6-1.6 9-4.5v13.5c-3-2.900-5.5-4.5-9-4.5H13" />
    </svg>
  );
}

import { CopyButton } from '../../parts/copy-button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './inboxes.module.css';

const words = texts.inboxes;

/** An inbox that waits for its first request. */
export function NothingYet({ url }: { readonly url: string }) {
  const command = `curl --json '{"Id": 1}' ${url}`;
  return (
    <EmptyState title={words.nothingTitle}>
      <p>{words.nothing}</p>
      <code className={styles.command}>{command}</code>
      <CopyButton text={command} />
    </EmptyState>
  );
}

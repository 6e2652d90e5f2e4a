import { CopyButton } from '../../parts/copy-button.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './inboxes.module.css';

/** The URL of an inbox, and what to do with it. */
export function InboxUrl({ url }: { readonly url: string }) {
  return (
    <div className={styles.bar}>
      <code className={styles.url}>{url}</code>
      <CopyButton text={url} label={texts.inboxes.copyUrl} />
      <LinkButton
        to="/webhooks/new"
        search={{ url }}
        variant="light"
        size="compact-sm"
        className={styles.end}
      >
        {texts.inboxes.makeWebhook}
      </LinkButton>
    </div>
  );
}

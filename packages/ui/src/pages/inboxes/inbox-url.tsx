import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CopyButton } from '../../parts/copy-button.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './inboxes.module.css';

/** The URL of an inbox, and what to do with it. */
export function InboxUrl({ url }: { readonly url: string }) {
  return (
    <div className={styles.bar}>
      <code className={styles.url}>{url}</code>
      <CopyButton text={url} label={texts.inboxes.copyUrl} />
      <Button
        renderRoot={(props) => <Link to="/webhooks/new" search={{ url }} {...props} />}
        variant="light"
        size="compact-sm"
        className={styles.end}
      >
        {texts.inboxes.makeWebhook}
      </Button>
    </div>
  );
}

import { Button, Text } from '@mantine/core';
import type { InboxRequest } from '@posthorn/sdk';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Time } from '../../parts/time.tsx';
import { VisibleText } from '../../parts/visible-text/visible-text.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './inboxes.module.css';
import { VerdictBadge, worseOf } from './verdict-badge.tsx';

const route = getRouteApi('/in/inboxes/$inbox');
const words = texts.inboxes;

interface RequestListProps {
  /** Newest first. */
  readonly rows: readonly InboxRequest[];
  readonly more: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => unknown;
  };
  readonly isListening: boolean;
}

/** What arrived, newest first; the one that is shown beside it is marked. */
export function RequestList({ rows, more, isListening }: RequestListProps) {
  const { inbox } = route.useParams();
  const { request: shown = rows[0]?.number } = route.useSearch();
  return (
    <div>
      <Text size="sm" c="dimmed" role="status" className={styles.listening}>
        {isListening ? words.listening : words.notListening}
      </Text>
      <ol className={styles.requests} aria-label={words.list}>
        {rows.map((request) => (
          <li key={request.number}>
            <Link
              to="/inboxes/$inbox"
              params={{ inbox }}
              search={{ request: request.number }}
              replace
              resetScroll={false}
              className={styles.request}
              aria-current={request.number === shown ? 'true' : undefined}
            >
              <span className={styles.name}>
                <VisibleText text={actionOf(request)} foldAfter={100} />
              </span>
              <Time at={request.receivedAt} />
              <span className={styles.number}>{words.number(request.number)}</span>
              <VerdictBadge verdict={worseOf(request.signature)} />
            </Link>
          </li>
        ))}
      </ol>
      {more.hasNextPage && (
        <Button
          variant="default"
          fullWidth
          mt="sm"
          loading={more.isFetchingNextPage}
          onClick={() => void more.fetchNextPage()}
        >
          {texts.parts.more}
        </Button>
      )}
    </div>
  );
}

/** Which action it is about, by its header; what others send here has none. */
function actionOf({ headers, method }: InboxRequest): string {
  return headers.find(([name]) => name.toLowerCase() === 'posthorn-action')?.[1] ?? method;
}

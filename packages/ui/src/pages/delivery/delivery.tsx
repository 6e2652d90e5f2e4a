import { Button, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { DeliveryWithAttempts } from '@posthorn/sdk';
import { IconRefresh } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { posthorn } from '../../api/client.ts';
import { isNotFound } from '../../api/problems.ts';
import { useLive } from '../../api/live.ts';
import { useReadAgain } from '../../api/read-again.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { JsonView } from '../../parts/json/json-view.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { deliveryQuery } from '../../queries/deliveries.ts';
import { useMay } from '../../queries/session.ts';
import { tellProblem } from '../../parts/tell-problem.ts';
import { texts } from '../../texts/texts.ts';
import { AttemptCard } from './attempt-card.tsx';
import { curlOf } from './curl.ts';
import styles from './delivery.module.css';
import { Facts } from './facts.tsx';

const route = getRouteApi('/in/deliveries/$delivery');
const words = texts.delivery;

/** One delivery: what became of it, every call, and the record. */
export function DeliveryPage() {
  const { delivery: id } = route.useParams();
  const query = useQuery(deliveryQuery(id));
  if (query.data === undefined && isNotFound(query.error)) {
    return (
      <EmptyState title={words.goneTitle} action={<Back />} isPage>
        {words.gone}
      </EmptyState>
    );
  }
  return <Loaded query={query}>{(delivery) => <Found delivery={delivery} />}</Loaded>;
}

function Found({ delivery }: { readonly delivery: DeliveryWithAttempts }) {
  const { id, webhook, attemptLog, body } = delivery;
  const readAgain = useReadAgain(deliveryQuery(id).queryKey);
  useLive({ kinds: ['delivery'], webhook }, ({ kind, data }) => {
    if (kind === 'missed' || (kind === 'delivery' && data.id === id)) readAgain();
  });
  const newestFirst = attemptLog.toReversed();

  return (
    <>
      <PageTitle title={delivery.action} back={<Back />}>
        <Actions delivery={delivery} />
      </PageTitle>
      <Facts delivery={delivery} />
      <div className={styles.columns}>
        <section aria-labelledby="attempts">
          <Title order={2} size="h4" id="attempts" className={styles.heading}>
            {words.attempts}
          </Title>
          {attemptLog.length === 0 && <p className={styles.none}>{words.noAttempts}</p>}
          {newestFirst.map((attempt, index) => (
            <AttemptCard key={attempt.number} attempt={attempt} isOpenAtFirst={index === 0} />
          ))}
        </section>
        <div>
          <Title order={2} size="h4" className={styles.heading}>
            {words.record}
          </Title>
          <JsonView text={recordOf(body)} label={words.record} />
        </div>
      </div>
    </>
  );
}

/** The body is the record in brackets. */
function recordOf(body: string): string {
  return body.slice(1, -1);
}

function Back() {
  return <Link to="/deliveries">{words.back}</Link>;
}

function Actions({ delivery }: { readonly delivery: DeliveryWithAttempts }) {
  const { id, state, attemptLog } = delivery;
  const queryClient = useQueryClient();
  const mayResend = useMay('deliveries:resend');
  const resend = useMutation({
    mutationFn: () => posthorn.deliveries.resend(id),
    onSuccess: () => notifications.show({ color: 'green', message: words.resending }),
    onError: tellProblem,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['deliveries'] }),
  });
  const last = attemptLog.at(-1);
  return (
    <div className={styles.actions}>
      {last !== undefined && (
        <CopyButton text={curlOf(last.request)} label={words.curl} size="sm" />
      )}
      {mayResend && (
        <Button
          leftSection={<IconRefresh size={16} />}
          loading={resend.isPending}
          disabled={state === 'sending'}
          onClick={() => resend.mutate()}
        >
          {words.resend}
        </Button>
      )}
    </div>
  );
}

import { useThrottledCallback } from '@mantine/hooks';
import type { WebhookWithWaiting } from '@posthorn/sdk';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { isNotFound } from '../../api/problems.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { VisibleText } from '../../parts/visible-text/visible-text.tsx';
import { WebhookStateBadge } from '../../parts/webhook-state/webhook-state-badge.tsx';
import { webhookQuery } from '../../queries/webhook.ts';
import { healthQuery } from '../../queries/webhook-health.ts';
import { texts } from '../../texts/texts.ts';
import { Actions } from './actions.tsx';
import { Deliveries } from './deliveries.tsx';
import { Facts } from './facts.tsx';
import { Health } from './health.tsx';
import styles from './webhook.module.css';

const route = getRouteApi('/in/webhooks/$webhook');
const words = texts.webhook;

/** Between two readings while nothing is told: the list below may be paused. */
const STILL_MS = 5000;
/** Between two readings while much happens. */
const AGAIN_MS = 2000;

/** One webhook: how it fares, what became of its deliveries, and what can be done. */
export function WebhookPage() {
  const { webhook: param } = route.useParams();
  const id = Number(param);
  const isId = Number.isSafeInteger(id) && id > 0;
  const query = useQuery({ ...webhookQuery(id), enabled: isId, refetchInterval: STILL_MS });
  if (!isId || isNotFound(query.error)) {
    return (
      <EmptyState title={words.goneTitle} action={<Back />} isPage>
        {words.gone}
      </EmptyState>
    );
  }
  return <Loaded query={query}>{(webhook) => <Found webhook={webhook} />}</Loaded>;
}

function Found({ webhook }: { readonly webhook: WebhookWithWaiting }) {
  const { id, name, state, lastError, waiting } = webhook;
  const { span = 'day' } = route.useSearch();
  const { data: health } = useQuery(healthQuery(id, span));
  const nextAttemptAt = health?.waiting.nextAttemptAt ?? null;
  const queryClient = useQueryClient();
  const readAgain = useThrottledCallback(() => {
    void queryClient.invalidateQueries({ queryKey: webhookQuery(id).queryKey });
    void queryClient.invalidateQueries({ queryKey: healthQuery(id, span).queryKey });
  }, AGAIN_MS);

  return (
    <>
      <PageTitle title={name} back={<Back />}>
        <Actions webhook={webhook} />
      </PageTitle>
      <div className={styles.state}>
        <WebhookStateBadge webhook={webhook} waiting={waiting} nextAttemptAt={nextAttemptAt} />
        {lastError !== null && state !== 'healthy' && (
          <p className={styles.error}>
            {words.lastError}: <VisibleText text={lastError} foldAfter={500} />
          </p>
        )}
      </div>
      <Facts webhook={webhook} nextAttemptAt={nextAttemptAt} />
      <Health webhook={id} span={span} />
      <Deliveries webhook={webhook} onNews={readAgain} />
    </>
  );
}

function Back() {
  return <Link to="/webhooks">{words.back}</Link>;
}

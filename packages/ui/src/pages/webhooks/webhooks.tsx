import { getRouteApi } from '@tanstack/react-router';
import { CreateWebhook } from '../../parts/create-webhook.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { WebhookList } from '../../parts/webhook-list/webhook-list.tsx';
import { texts } from '../../texts/texts.ts';

const route = getRouteApi('/in/webhooks');

/** The webhooks, with how each of them fares. */
export function Webhooks() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <PageTitle title={texts.webhooks.title} lead={texts.webhooks.lead}>
        <CreateWebhook />
      </PageTitle>
      <WebhookList
        filter={filter}
        onFilter={(search) => void navigate({ search, replace: true })}
      />
    </>
  );
}

import { Text, Title } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { CreateWebhook } from '../../parts/create-webhook.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { WebhookList } from '../../parts/webhook-list/webhook-list.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './integrations.module.css';
import { SharedSecrets } from './secrets/shared-secrets.tsx';

const route = getRouteApi('/in/settings/integrations');

/** Where other systems are connected: the secrets that sign the calls, and the webhooks. */
export function Integrations() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <PageTitle title={texts.integrations.title} lead={texts.integrations.lead} />
      <SharedSecrets />
      <section aria-labelledby="webhooks">
        <div className={styles.head}>
          <div>
            <Title order={2} size="h4" id="webhooks">
              {texts.webhooks.title}
            </Title>
            <Text c="dimmed" size="sm">
              {texts.webhooks.lead}
            </Text>
          </div>
          <CreateWebhook />
        </div>
        <WebhookList
          filter={filter}
          onFilter={(search) => void navigate({ search, replace: true })}
        />
      </section>
    </>
  );
}

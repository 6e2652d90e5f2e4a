import { Code, Text, Title } from '@mantine/core';
import { LinkButton } from '../../parts/link-button.tsx';
import { useMay } from '../../queries/session.ts';
import { texts } from '../../texts/texts.ts';
import styles from './overview.module.css';

const words = texts.overview.first;

/** Where nothing goes on yet: what to do next. */
export function FirstSteps({ hasWebhooks }: { readonly hasWebhooks: boolean }) {
  const mayCreate = useMay('webhooks:write');
  const mayReport = useMay('events:write');
  return (
    <section className={styles.first} aria-labelledby="overview-first">
      <div>
        <Title order={2} size="h3" id="overview-first">
          {hasWebhooks ? words.quietTitle : words.noneTitle}
        </Title>
        <Text c="dimmed">{hasWebhooks ? words.quiet : words.none}</Text>
      </div>
      <div className={styles.steps}>
        {!hasWebhooks && mayCreate && (
          <>
            <LinkButton to="/welcome">{words.welcome}</LinkButton>
            <LinkButton to="/webhooks/new" variant="default">
              {words.create}
            </LinkButton>
          </>
        )}
        {mayReport && (
          <LinkButton to="/events/report" variant={hasWebhooks ? 'filled' : 'default'}>
            {words.report}
          </LinkButton>
        )}
        <LinkButton to="/catalogue" variant="subtle">
          {words.catalogue}
        </LinkButton>
      </div>
      {!hasWebhooks && (
        <Text size="sm" c="dimmed">
          {words.demo} <Code>npm run demo</Code>
        </Text>
      )}
    </section>
  );
}

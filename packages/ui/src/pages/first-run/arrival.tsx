import { Group, Text } from '@mantine/core';
import { JsonView } from '../../parts/json/json-view.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { Section } from '../../parts/section.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import { ToCopy } from '../../parts/to-copy.tsx';
import { texts } from '../../texts/texts.ts';
import type { Arrived } from './use-first-webhook.ts';

const words = texts.firstRun;

/** The call as the inbox got it, and where to go from here. */
export function Arrival({ arrived: { request, secret } }: { readonly arrived: Arrived }) {
  const verdict = request.signature.nexudus;
  return (
    <Section title={words.arrivedTitle} lead={words.arrived}>
      <Group gap="lg" role="status">
        <StateBadge mood={verdict === 'valid' ? 'good' : 'warn'}>
          {words.signatures[verdict]}
        </StateBadge>
        <Text size="sm" c="dimmed" component="div">
          <Time at={request.receivedAt} />
        </Text>
      </Group>
      <JsonView text={request.body} label={words.body} />
      {secret === null ? (
        <Text size="sm" c="dimmed">
          {words.secretWasThere}
        </Text>
      ) : (
        <ToCopy label={words.secret} text={secret} note={words.secretNote} />
      )}
      <Group>
        <LinkButton to="/webhooks">{words.toWebhooks}</LinkButton>
        <LinkButton to="/catalogue" variant="default">
          {words.toCatalogue}
        </LinkButton>
      </Group>
    </Section>
  );
}

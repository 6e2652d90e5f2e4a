import { Button, Text } from '@mantine/core';
import type { SecretState } from '@posthorn/sdk';
import { useQuery } from '@tanstack/react-query';
import { StateBadge } from '../../../parts/state-badge.tsx';
import { Time } from '../../../parts/time.tsx';
import { sessionQuery } from '../../../queries/session.ts';
import { texts } from '../../../texts/texts.ts';
import { partsOf } from './rows.ts';
import { ScopeName } from './scope-name.tsx';
import styles from './shared-secrets.module.css';

const words = texts.integrations;

interface SecretRowProps {
  readonly secret: SecretState;
  readonly onDo: (what: 'set' | 'reveal' | 'delete') => void;
}

/** Whose secret, how it is with it, and what can be done. */
export function SecretRow({ secret, onDo }: SecretRowProps) {
  const { scope, isSet } = secret;
  const { data: session } = useQuery(sessionQuery);
  const name = `secret-${scope}`;
  return (
    <li className={styles.row}>
      <div>
        <Text fw={500} id={name} component="div">
          <ScopeName scope={scope} />
        </Text>
        <Text size="sm" c="dimmed">
          {words.kinds[partsOf(scope)[0]]}
        </Text>
      </div>
      <State secret={secret} />
      <div className={styles.buttons} role="group" aria-labelledby={name}>
        <Button
          size="compact-sm"
          variant={isSet ? 'default' : 'filled'}
          onClick={() => onDo('set')}
        >
          {isSet ? words.replace : words.set}
        </Button>
        {/* A key has no password to give. */}
        {isSet && session?.kind === 'person' && (
          <Button size="compact-sm" variant="default" onClick={() => onDo('reveal')}>
            {words.reveal}
          </Button>
        )}
        {isSet && (
          <Button size="compact-sm" variant="subtle" color="red" onClick={() => onDo('delete')}>
            {words.delete}
          </Button>
        )}
      </div>
    </li>
  );
}

function State({
  secret: { scope, isSet, setAt, previousUntil },
}: {
  readonly secret: SecretState;
}) {
  if (!isSet) {
    return (
      <div>
        <StateBadge mood="calm">{words.notSet}</StateBadge>
        <Text size="sm" c="dimmed">
          {words.without[partsOf(scope)[0]]}
        </Text>
      </div>
    );
  }
  return (
    <div>
      <StateBadge mood="good">
        <span>
          {words.setSince} <Time at={setAt} isBrief />
        </span>
      </StateBadge>
      {previousUntil !== null && (
        <Text size="sm" c="dimmed">
          {words.previousUntil} <Time at={previousUntil} />
          {words.previousWhere}
        </Text>
      )}
    </div>
  );
}

import { Button, Paper, Skeleton, Text, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { SecretState } from '@posthorn/sdk';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { FailedState } from '../../../parts/failed-state.tsx';
import { sessionQuery, useMay } from '../../../queries/session.ts';
import { secretsQuery } from '../../../queries/secrets.ts';
import { texts } from '../../../texts/texts.ts';
import { AddSecret } from './add-secret.tsx';
import { DeleteSecret } from './delete-secret.tsx';
import { RevealSecret } from './reveal-secret.tsx';
import { rowsOf } from './rows.ts';
import { SecretRow } from './secret-row.tsx';
import { SetSecret } from './set-secret.tsx';
import styles from './shared-secrets.module.css';

const words = texts.integrations;

/** Rows before a person asks for the others. */
const SHOWN = 8;

/** What is done with a secret, in a dialog. */
type Doing =
  | { readonly what: 'set' | 'reveal' | 'delete'; readonly secret: SecretState }
  | { readonly what: 'add' };

/** The secrets that sign the calls, and what can be done with them. */
export function SharedSecrets() {
  const { data: session } = useQuery(sessionQuery);
  const isAllowed = useMay('settings:write');
  const { data: secrets, error, refetch } = useQuery({ ...secretsQuery, enabled: isAllowed });
  const [doing, setDoing] = useState<Doing | null>(null);
  const [isWhole, setWhole] = useState(false);
  const rows =
    session === undefined || secrets === undefined ? undefined : rowsOf(secrets, session);
  const close = () => setDoing(null);

  return (
    <Paper component="section" withBorder className={styles.panel} aria-labelledby="secrets">
      <div className={styles.head}>
        <div>
          <Title order={2} size="h4" id="secrets">
            {words.secretsTitle}
          </Title>
          <Text c="dimmed" size="sm">
            {isAllowed ? words.secretsLead : words.secretsOfOthers}
          </Text>
        </div>
        {isAllowed && session?.locations === null && (
          <Button
            variant="default"
            leftSection={<IconPlus size={16} />}
            onClick={() => setDoing({ what: 'add' })}
          >
            {words.add}
          </Button>
        )}
      </div>
      {error !== null && rows === undefined && (
        <FailedState error={error} onAgain={() => void refetch()} />
      )}
      {isAllowed && error === null && rows === undefined && <Skeleton height="3.25rem" />}
      {rows !== undefined && (
        <ul className={styles.rows} aria-labelledby="secrets">
          {rows.slice(0, isWhole ? rows.length : SHOWN).map((secret) => (
            <SecretRow
              key={secret.scope}
              secret={secret}
              onDo={(what) => setDoing({ what, secret })}
            />
          ))}
        </ul>
      )}
      {rows !== undefined && rows.length > SHOWN && !isWhole && (
        <Button variant="subtle" onClick={() => setWhole(true)}>
          {words.showAll(rows.length)}
        </Button>
      )}
      {doing?.what === 'add' && (
        <AddSecret
          secrets={rows ?? []}
          onChosen={(secret) => setDoing({ what: 'set', secret })}
          onClose={close}
        />
      )}
      {doing?.what === 'set' && <SetSecret secret={doing.secret} onClose={close} />}
      {doing?.what === 'reveal' && <RevealSecret scope={doing.secret.scope} onClose={close} />}
      {doing?.what === 'delete' && <DeleteSecret scope={doing.secret.scope} onClose={close} />}
    </Paper>
  );
}

import { Button, SegmentedControl, Select } from '@mantine/core';
import type { SecretScope, SecretState } from '@posthorn/sdk';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog } from '../../../parts/dialog.tsx';
import { LocationSelect } from '../../../parts/location-select.tsx';
import { appsQuery } from '../../../queries/apps.ts';
import { sessionQuery } from '../../../queries/session.ts';
import { texts } from '../../../texts/texts.ts';
import styles from './shared-secrets.module.css';

const words = texts.integrations;

interface AddSecretProps {
  /** Those that there are. */
  readonly secrets: readonly SecretState[];
  readonly onChosen: (secret: SecretState) => void;
  readonly onClose: () => void;
}

/** Chooses the location or the app that gets a secret of its own. */
export function AddSecret({ secrets, onChosen, onClose }: AddSecretProps) {
  const { data: session } = useQuery(sessionQuery);
  const isOperator = session?.scopes.includes('*') ?? false;
  const { data: apps = [] } = useQuery({ ...appsQuery, enabled: isOperator });
  const [kind, setKind] = useState<'location' | 'app'>('location');
  const [id, setId] = useState<number | null>(null);

  const goOn = () => {
    if (id === null) return;
    const scope: SecretScope = `${kind}:${id}`;
    const known = secrets.find((secret) => secret.scope === scope);
    onChosen(known ?? { scope, isSet: false, setAt: null, previousUntil: null });
  };
  return (
    <Dialog onClose={onClose} title={words.addTitle}>
      <form
        className={styles.fields}
        onSubmit={(event) => {
          event.preventDefault();
          goOn();
        }}
      >
        {isOperator && apps.length > 0 && (
          <SegmentedControl
            aria-label={words.addFor}
            data={[
              { value: 'location', label: words.kinds.location },
              { value: 'app', label: words.kinds.app },
            ]}
            value={kind}
            onChange={(value) => {
              setKind(value);
              setId(null);
            }}
          />
        )}
        {kind === 'location' ? (
          <LocationSelect
            label={words.kinds.location}
            description={words.locationHint}
            value={id}
            onChange={setId}
          />
        ) : (
          <Select
            label={words.kinds.app}
            data={apps.map((app) => ({ value: String(app.id), label: app.name }))}
            value={id === null ? null : String(id)}
            onChange={(value) => setId(value === null ? null : Number(value))}
            searchable
          />
        )}
        <div className={styles.end}>
          <Button variant="default" onClick={onClose}>
            {texts.dialogs.cancel}
          </Button>
          <Button type="submit" disabled={id === null}>
            {words.next}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

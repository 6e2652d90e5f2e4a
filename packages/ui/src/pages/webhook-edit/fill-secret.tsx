import { Button, PasswordInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { SecretScope } from '@posthorn/sdk';
import { useState } from 'react';
import { posthorn } from '../../api/client.ts';
import { FormProblem } from '../../parts/form-problem.tsx';
import { useSendForm } from '../../parts/use-send-form.ts';
import { texts } from '../../texts/texts.ts';
import styles from './webhook-edit.module.css';

const words = texts.webhookEdit.recipe;

interface FillSecretProps {
  readonly scope: SecretScope;
  /** Null: it is not shown any more. */
  readonly secret: string | null;
  readonly onSecret: (secret: string | null) => void;
}

/** Puts the secret into the code, for a person who gives their password again. */
export function FillSecret({ scope, secret, onSecret }: FillSecretProps) {
  const [isAsking, setAsking] = useState(false);
  if (secret !== null) {
    return (
      <div className={styles.inline}>
        <span className={styles.said} data-mood="warn" role="status">
          {words.filled}
        </span>
        <Button variant="subtle" size="compact-sm" onClick={() => onSecret(null)}>
          {words.takeOut}
        </Button>
      </div>
    );
  }
  if (!isAsking) {
    return (
      <div>
        <Button variant="light" size="compact-sm" onClick={() => setAsking(true)}>
          {words.fill}
        </Button>
      </div>
    );
  }
  return (
    <Ask
      scope={scope}
      onSecret={(known) => {
        setAsking(false);
        onSecret(known);
      }}
      onCancel={() => setAsking(false)}
    />
  );
}

interface AskProps {
  readonly scope: SecretScope;
  readonly onSecret: (secret: string) => void;
  readonly onCancel: () => void;
}

function Ask({ scope, onSecret, onCancel }: AskProps) {
  const form = useForm({ initialValues: { password: '' } });
  const { onSubmit, isSending, problem } = useSendForm({
    form,
    send: ({ password }) => posthorn.secrets.reveal(scope, password),
    onDone: ({ secret }) => onSecret(secret),
  });
  return (
    <form className={styles.stack} onSubmit={onSubmit} noValidate>
      <FormProblem problem={problem} />
      <PasswordInput
        {...form.getInputProps('password')}
        label={words.password}
        description={words.fillHint}
        autoComplete="current-password"
        data-autofocus
      />
      <div className={styles.buttons}>
        <Button type="submit" size="compact-sm" loading={isSending}>
          {words.fill}
        </Button>
        <Button variant="subtle" size="compact-sm" onClick={onCancel}>
          {texts.dialogs.cancel}
        </Button>
      </div>
    </form>
  );
}

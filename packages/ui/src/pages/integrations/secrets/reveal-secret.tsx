import { Button, PasswordInput, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { RevealedSecret, SecretScope } from '@posthorn/sdk';
import { useState } from 'react';
import { posthorn } from '../../../api/client.ts';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { Dialog } from '../../../parts/dialog.tsx';
import { FormProblem } from '../../../parts/form-problem.tsx';
import { Time } from '../../../parts/time.tsx';
import { checkPassword } from '../../../parts/checks.ts';
import { useSendForm } from '../../../parts/use-send-form.ts';
import { VisibleText } from '../../../parts/visible-text/visible-text.tsx';
import { texts } from '../../../texts/texts.ts';
import { ScopeName } from './scope-name.tsx';
import styles from './shared-secrets.module.css';

const words = texts.integrations;

interface RevealSecretProps {
  readonly scope: SecretScope;
  readonly onClose: () => void;
}

/** Shows a secret to somebody who gives their password again; closed, it is gone from the page. */
export function RevealSecret({ scope, onClose }: RevealSecretProps) {
  const [revealed, setRevealed] = useState<RevealedSecret | null>(null);
  const form = useForm({
    initialValues: { password: '' },
    validate: { password: checkPassword },
  });
  const { onSubmit, isSending, problem } = useSendForm({
    form,
    send: ({ password }) => posthorn.secrets.reveal(scope, password),
    onDone: setRevealed,
  });

  return (
    <Dialog
      onClose={onClose}
      size="lg"
      title={
        <>
          {words.revealTitle} <ScopeName scope={scope} />
        </>
      }
    >
      {revealed === null ? (
        <form className={styles.fields} onSubmit={onSubmit} noValidate>
          <Text size="sm">{words.revealLead}</Text>
          <FormProblem problem={problem} />
          <PasswordInput
            {...form.getInputProps('password')}
            label={words.password}
            autoComplete="current-password"
            data-autofocus
          />
          <div className={styles.end}>
            <Button variant="default" onClick={onClose}>
              {texts.dialogs.cancel}
            </Button>
            <Button type="submit" loading={isSending}>
              {words.revealSubmit}
            </Button>
          </div>
        </form>
      ) : (
        <div className={styles.fields}>
          <Secret text={revealed.secret} />
          {revealed.previous !== null && (
            <>
              <Text size="sm">
                {words.previousUntil} <Time at={revealed.previousUntil} />:
              </Text>
              <Secret text={revealed.previous} />
            </>
          )}
          <div className={styles.end}>
            <Button onClick={onClose}>{texts.parts.close}</Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}

function Secret({ text }: { readonly text: string }) {
  return (
    <div className={styles.secret}>
      <VisibleText text={text} />
      <CopyButton text={text} />
    </div>
  );
}

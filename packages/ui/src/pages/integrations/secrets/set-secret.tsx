import { Button, PasswordInput, Select, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import type { SecretState } from '@posthorn/sdk';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { posthorn } from '../../../api/client.ts';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { Dialog } from '../../../parts/dialog.tsx';
import { FormProblem } from '../../../parts/form-problem.tsx';
import { useSendForm } from '../../../parts/use-send-form.ts';
import { texts } from '../../../texts/texts.ts';
import { ScopeName } from './scope-name.tsx';
import styles from './shared-secrets.module.css';
import { generateSecret, weaknessOf } from './strength.ts';

const words = texts.integrations;

interface SetSecretProps {
  readonly secret: SecretState;
  readonly onClose: () => void;
}

/** Types or generates a secret; where there is one, it is replaced. */
export function SetSecret({ secret: { scope, isSet }, onClose }: SetSecretProps) {
  const queryClient = useQueryClient();
  const [isVisible, setVisible] = useState(false);
  const form = useForm({
    initialValues: { secret: '', overlap: '24h' },
    validate: { secret: (secret) => (secret === '' ? words.secretMissing : null) },
  });
  const { onSubmit, isSending, problem } = useSendForm({
    form,
    send: ({ secret, overlap }) => posthorn.secrets.set(scope, secret, { overlap }),
    async onDone() {
      await queryClient.invalidateQueries({ queryKey: ['secrets'] });
      notifications.show({ color: 'green', message: words.saved });
      onClose();
    },
  });
  const { secret, overlap } = form.values;

  return (
    <Dialog
      onClose={onClose}
      size="lg"
      title={
        <>
          {isSet ? words.replaceTitle : words.setTitle} <ScopeName scope={scope} />
        </>
      }
    >
      <form className={styles.fields} onSubmit={onSubmit} noValidate>
        <FormProblem problem={problem} />
        <div>
          <div className={styles.field}>
            <PasswordInput
              {...form.getInputProps('secret')}
              error={form.errors['secret'] !== undefined}
              label={words.secret}
              description={words.secretHint}
              autoComplete="off"
              maxLength={1024}
              visible={isVisible}
              onVisibilityChange={setVisible}
              data-autofocus
            />
            <Button
              variant="default"
              onClick={() => {
                form.setFieldValue('secret', generateSecret());
                setVisible(true);
              }}
            >
              {words.generate}
            </Button>
          </div>
          <Strength secret={secret} problem={form.errors['secret']} />
        </div>
        {secret !== '' && (
          <div>
            <CopyButton text={secret} label={words.copySecret} />
          </div>
        )}
        {isSet && (
          <Select
            {...form.getInputProps('overlap')}
            label={words.overlap}
            data={words.overlaps.map(([value, label]) => ({ value, label }))}
            allowDeselect={false}
          />
        )}
        {isSet && <Headers isKept={overlap !== '0'} />}
        <div className={styles.end}>
          <Button variant="default" onClick={onClose}>
            {texts.dialogs.cancel}
          </Button>
          <Button type="submit" loading={isSending}>
            {isSet ? words.replaceSubmit : words.setSubmit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface StrengthProps {
  readonly secret: string;
  /** What the form or the API has against it. */
  readonly problem: ReactNode;
}

/** What is to be said of the secret as it stands; weak ones may be saved. */
function Strength({ secret, problem }: StrengthProps) {
  const weakness = weaknessOf(secret);
  return (
    <Text size="sm" role="status" mt={6} component="div">
      {problem !== undefined && <span className={styles.bad}>{problem}</span>}
      {problem === undefined && secret !== '' && (
        <span className={weakness === null ? styles.strong : styles.weak}>
          {weakness ?? words.strong}
        </span>
      )}
    </Text>
  );
}

/** What becomes of the old secret in each header that carries a signature. */
function Headers({ isKept }: { readonly isKept: boolean }) {
  return (
    <dl className={styles.terms}>
      <div>
        <dt>webhook-signature</dt>
        <dd>{isKept ? words.standardKeeps : words.standardEnds}</dd>
      </div>
      <div>
        <dt>X-Nexudus-Hook-Signature</dt>
        <dd>{isKept ? words.nexudusNever : words.nexudusEnds}</dd>
      </div>
    </dl>
  );
}

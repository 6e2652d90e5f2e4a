import { Button, PasswordInput, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import type { TotpProposal } from '@posthorn/sdk';
import { posthorn } from '../../api/client.ts';
import { queryClient } from '../../api/query-client.ts';
import { FormProblem } from '../../parts/form-problem.tsx';
import { ToCopy } from '../../parts/to-copy.tsx';
import { useSendForm } from '../../parts/use-send-form.ts';
import { sessionQuery } from '../../queries/session.ts';
import { texts } from '../../texts/texts.ts';
import styles from './profile.module.css';
import { QrCode } from './qr-code.tsx';

const words = texts.profile;

/**
 * What the app needs, and the code that proves that it has it. Wants the password as well: whoever
 * finds the browser open could lock its owner out.
 */
export function TotpStart({ proposal }: { readonly proposal: TotpProposal }) {
  const form = useForm({
    initialValues: { code: '', password: '' },
    validate: {
      code: (code) => (/^\s*(\d\s*){6}$/.test(code) ? null : words.codeMissing),
      password: (password) => (password === '' ? texts.signIn.passwordMissing : null),
    },
  });
  const { onSubmit, isSending, problem } = useSendForm({
    form,
    send: ({ code, password }) =>
      posthorn.me.startTotp({ code: code.replaceAll(/\s/g, ''), password }),
    onDone(session) {
      queryClient.setQueryData(sessionQuery.queryKey, session);
      notifications.show({ message: words.totpStarted });
    },
  });
  return (
    <div className={styles.scan}>
      <QrCode text={proposal.url} label={words.totpQr} />
      <div className={styles.scanned}>
        <Text>{words.totpScan}</Text>
        <ToCopy label={words.totpSecret} text={proposal.secret} note={words.totpSecretNote} />
        <form onSubmit={onSubmit} className={styles.form} noValidate>
          <FormProblem problem={problem} />
          <TextInput
            {...form.getInputProps('code')}
            label={words.code}
            inputMode="numeric"
            autoComplete="one-time-code"
            autoFocus
          />
          <PasswordInput
            {...form.getInputProps('password')}
            label={words.password}
            autoComplete="current-password"
          />
          <Button type="submit" loading={isSending}>
            {words.totpSubmit}
          </Button>
        </form>
      </div>
    </div>
  );
}

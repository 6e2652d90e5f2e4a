import { Button, PasswordInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { PosthornError } from '@posthorn/sdk';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { posthorn } from '../../api/client.ts';
import { FormProblem } from '../../parts/form-problem.tsx';
import { useSendForm } from '../../parts/use-send-form.ts';
import { texts } from '../../texts/texts.ts';
import { checkNewPassword } from '../../parts/checks.ts';
import { DeadLink } from './dead-link.tsx';
import { Door } from '../../frame/door.tsx';
import styles from '../../parts/sign-in/form.module.css';
import { useArrive } from './use-arrive.ts';

const route = getRouteApi('/join');

/** A password for somebody who was invited, or forgot theirs. */
export function Join() {
  const { token } = route.useSearch();
  const [isUsed, setUsed] = useState(false);
  if (token === undefined) return <DeadLink>{texts.signIn.noToken}</DeadLink>;
  if (isUsed) return <DeadLink>{texts.signIn.joinGone}</DeadLink>;
  return <ChoosePassword token={token} onUsed={() => setUsed(true)} />;
}

interface ChoosePasswordProps {
  readonly token: string;
  readonly onUsed: () => void;
}

function ChoosePassword({ token, onUsed }: ChoosePasswordProps) {
  const arrive = useArrive();
  const form = useForm({
    initialValues: { password: '' },
    validate: { password: checkNewPassword },
  });
  const { onSubmit, isSending, problem } = useSendForm({
    form,
    async send({ password }) {
      try {
        return await posthorn.session.join({ token, password });
      } catch (error) {
        if (error instanceof PosthornError && error.code === 'forbidden') onUsed();
        throw error;
      }
    },
    onDone: () => arrive(),
  });

  return (
    <Door title={texts.signIn.joinTitle} lead={texts.signIn.joinLead}>
      <form onSubmit={onSubmit} className={styles.fields} noValidate>
        <FormProblem problem={problem} />
        <PasswordInput
          {...form.getInputProps('password')}
          label={texts.signIn.newPassword}
          description={texts.signIn.passwordHint}
          autoComplete="new-password"
          autoFocus
        />
        <Button type="submit" loading={isSending}>
          {texts.signIn.joinSubmit}
        </Button>
      </form>
    </Door>
  );
}

import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { PosthornError } from '@posthorn/sdk';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { posthorn } from '../../api/client.ts';
import { FormProblem } from '../../parts/form-problem.tsx';
import { useSendForm } from '../../parts/use-send-form.ts';
import { signInWaysQuery } from '../../queries/session.ts';
import { texts } from '../../texts/texts.ts';
import { checkEmail, checkName, checkNewPassword } from '../../parts/checks.ts';
import { DeadLink } from './dead-link.tsx';
import { Door } from '../../frame/door.tsx';
import styles from '../../parts/sign-in/form.module.css';
import { useArrive } from './use-arrive.ts';

const route = getRouteApi('/setup');

/** There is somebody already, or another link took the place of this one. */
const LINK_IS_OVER = new Set(['not_found', 'forbidden']);

/** The first person, by the link that the terminal showed. */
export function Setup() {
  const { token } = route.useSearch();
  const { data: ways } = useQuery(signInWaysQuery);
  const [isUsed, setUsed] = useState(false);
  if (token === undefined) return <DeadLink>{texts.signIn.noToken}</DeadLink>;
  if (isUsed || ways?.setup === false) return <DeadLink>{texts.signIn.setupGone}</DeadLink>;
  return <FirstPerson token={token} onUsed={() => setUsed(true)} />;
}

interface FirstPersonProps {
  readonly token: string;
  readonly onUsed: () => void;
}

function FirstPerson({ token, onUsed }: FirstPersonProps) {
  const arrive = useArrive();
  const form = useForm({
    initialValues: { name: '', email: '', password: '' },
    validate: { name: checkName, email: checkEmail, password: checkNewPassword },
  });
  const { onSubmit, isSending, problem } = useSendForm({
    form,
    async send({ name, email, password }) {
      try {
        return await posthorn.session.setup({ token, name, email, password });
      } catch (error) {
        if (error instanceof PosthornError && LINK_IS_OVER.has(error.code)) onUsed();
        throw error;
      }
    },
    onDone: () => arrive('/welcome'),
  });

  return (
    <Door title={texts.signIn.setupTitle} lead={texts.signIn.setupLead}>
      <form onSubmit={onSubmit} className={styles.fields} noValidate>
        <FormProblem problem={problem} />
        <TextInput
          {...form.getInputProps('name')}
          label={texts.signIn.name}
          autoComplete="name"
          autoFocus
        />
        <TextInput
          {...form.getInputProps('email')}
          label={texts.signIn.email}
          type="email"
          autoComplete="username"
        />
        <PasswordInput
          {...form.getInputProps('password')}
          label={texts.signIn.newPassword}
          description={texts.signIn.passwordHint}
          autoComplete="new-password"
        />
        <Button type="submit" loading={isSending}>
          {texts.signIn.setupSubmit}
        </Button>
      </form>
    </Door>
  );
}

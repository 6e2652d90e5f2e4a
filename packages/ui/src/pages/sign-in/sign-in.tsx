import { Alert, Button, Divider, PasswordInput, Text, TextInput } from '@mantine/core';
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
import { checkEmail, checkPassword } from './checks.ts';
import { Door } from '../../frame/door.tsx';
import styles from './form.module.css';
import { useArrive } from './use-arrive.ts';

const route = getRouteApi('/sign-in');

/** Email address and password; the code of an authenticator app only when it is asked for. */
export function SignIn() {
  const { next } = route.useSearch();
  const { data: ways } = useQuery(signInWaysQuery);
  const arrive = useArrive();
  const [needsCode, setNeedsCode] = useState(false);
  const form = useForm({
    initialValues: { email: '', password: '', code: '' },
    validate: { email: checkEmail, password: checkPassword },
  });
  const { onSubmit, isSending, problem } = useSendForm({
    form,
    async send({ email, password, code }) {
      try {
        return await posthorn.session.signIn({
          email: email.trim(),
          password,
          ...(code !== '' && { code: code.replaceAll(/\s/g, '') }),
        });
      } catch (error) {
        if (error instanceof PosthornError && error.code === 'code_needed') setNeedsCode(true);
        throw error;
      }
    },
    onDone: () => arrive(next),
  });

  return (
    <Door title={texts.signIn.title}>
      {ways?.setup === true && <Alert>{texts.signIn.setupOpen}</Alert>}
      <form onSubmit={onSubmit} className={styles.fields} noValidate>
        <FormProblem problem={problem} />
        <TextInput
          {...form.getInputProps('email')}
          label={texts.signIn.email}
          type="email"
          autoComplete="username"
        />
        <PasswordInput
          {...form.getInputProps('password')}
          label={texts.signIn.password}
          autoComplete="current-password"
        />
        {needsCode && (
          <TextInput
            {...form.getInputProps('code')}
            label={texts.signIn.code}
            inputMode="numeric"
            autoComplete="one-time-code"
            autoFocus
          />
        )}
        <Button type="submit" loading={isSending}>
          {texts.signIn.submit}
        </Button>
      </form>
      {ways?.oidc != null && (
        <>
          <Divider label={texts.signIn.or} />
          <Button component="a" href="/v1/sign-in/oidc" variant="default">
            {texts.signIn.with(ways.oidc.name)}
          </Button>
        </>
      )}
      <Text size="sm" c="dimmed">
        {texts.signIn.forgotten}
      </Text>
    </Door>
  );
}

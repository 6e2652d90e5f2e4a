import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { PosthornError, type Session } from '@posthorn/sdk';
import { useState } from 'react';
import { posthorn } from '../../api/client.ts';
import { texts } from '../../texts/texts.ts';
import { FormProblem } from '../form-problem.tsx';
import { useSendForm } from '../use-send-form.ts';
import { checkEmail, checkPassword } from '../checks.ts';
import styles from './form.module.css';

interface SignInFormProps {
  /** What stands in the form at first. */
  readonly email: string;
  readonly onDone: (session: Session) => unknown;
}

/** Email address and password; the code of an authenticator app only when it is asked for. */
export function SignInForm({ email: knownEmail, onDone }: SignInFormProps) {
  const [needsCode, setNeedsCode] = useState(false);
  const form = useForm({
    initialValues: { email: knownEmail, password: '', code: '' },
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
    onDone,
  });

  return (
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
        data-autofocus
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
  );
}

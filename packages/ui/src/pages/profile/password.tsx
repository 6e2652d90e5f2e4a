import { Button, PasswordInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { posthorn } from '../../api/client.ts';
import { FormProblem } from '../../parts/form-problem.tsx';
import { Section } from '../../parts/section.tsx';
import { checkNewPassword, checkPassword } from '../../parts/checks.ts';
import { useSendForm } from '../../parts/use-send-form.ts';
import { texts } from '../../texts/texts.ts';
import styles from './profile.module.css';

const words = texts.profile;

/** `email`: whose password it is, for what keeps passwords in the browser. */
export function PasswordSection({ email }: { readonly email: string }) {
  const form = useForm({
    initialValues: { password: '', chosen: '' },
    validate: {
      password: checkPassword,
      chosen: checkNewPassword,
    },
  });
  const { onSubmit, isSending, problem } = useSendForm({
    form,
    send: ({ password, chosen }) =>
      posthorn.me.change({ password: { current: password, new: chosen } }),
    onDone() {
      form.reset();
      notifications.show({ message: words.passwordSaved });
    },
  });
  return (
    <Section title={words.passwordTitle} lead={words.passwordLead}>
      <form onSubmit={onSubmit} className={styles.form} noValidate>
        <FormProblem problem={problem} />
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        <PasswordInput
          {...form.getInputProps('password')}
          className={styles.field}
          label={words.current}
          autoComplete="current-password"
        />
        <PasswordInput
          {...form.getInputProps('chosen')}
          className={styles.field}
          label={words.chosen}
          description={texts.signIn.passwordHint}
          autoComplete="new-password"
        />
        <Button type="submit" variant="default" loading={isSending}>
          {words.passwordSubmit}
        </Button>
      </form>
    </Section>
  );
}

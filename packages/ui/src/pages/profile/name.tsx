import { Button, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { posthorn } from '../../api/client.ts';
import { queryClient } from '../../api/query-client.ts';
import { FormProblem } from '../../parts/form-problem.tsx';
import { Section } from '../../parts/section.tsx';
import { checkName } from '../../parts/checks.ts';
import { useSendForm } from '../../parts/use-send-form.ts';
import { sessionQuery } from '../../queries/session.ts';
import { texts } from '../../texts/texts.ts';
import styles from './profile.module.css';

const words = texts.profile;

export function NameSection({ name }: { readonly name: string }) {
  const form = useForm({
    initialValues: { name },
    validate: { name: checkName },
  });
  const { onSubmit, isSending, problem } = useSendForm({
    form,
    send: (values) => posthorn.me.change({ name: values.name.trim() }),
    onDone(session) {
      queryClient.setQueryData(sessionQuery.queryKey, session);
      void queryClient.invalidateQueries({ queryKey: ['people'] });
      notifications.show({ message: words.nameSaved });
    },
  });
  return (
    <Section title={words.nameTitle}>
      <form onSubmit={onSubmit} className={styles.form} noValidate>
        <FormProblem problem={problem} />
        <TextInput
          {...form.getInputProps('name')}
          className={styles.field}
          label={words.name}
          autoComplete="name"
        />
        <Button type="submit" variant="default" loading={isSending}>
          {texts.dialogs.save}
        </Button>
      </form>
    </Section>
  );
}

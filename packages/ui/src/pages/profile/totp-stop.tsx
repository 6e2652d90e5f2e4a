import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { posthorn } from '../../api/client.ts';
import { queryClient } from '../../api/query-client.ts';
import { FormProblem } from '../../parts/form-problem.tsx';
import { checkPassword } from '../../parts/checks.ts';
import { useSendForm } from '../../parts/use-send-form.ts';
import { sessionQuery } from '../../queries/session.ts';
import { texts } from '../../texts/texts.ts';

const words = texts.profile;

/** Wants the password again: the browser may have been left open. */
export function TotpStop({ onDone }: { readonly onDone: () => void }) {
  const form = useForm({
    initialValues: { password: '' },
    validate: { password: checkPassword },
  });
  const { onSubmit, isSending, problem } = useSendForm({
    form,
    send: ({ password }) => posthorn.me.stopTotp({ password }),
    onDone(session) {
      queryClient.setQueryData(sessionQuery.queryKey, session);
      onDone();
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack>
        <FormProblem problem={problem} />
        <Text>{words.totpStopLead}</Text>
        <PasswordInput
          {...form.getInputProps('password')}
          label={words.password}
          autoComplete="current-password"
          data-autofocus
        />
        <Group justify="flex-end">
          <Button type="submit" color="red.9" loading={isSending}>
            {words.totpStopSubmit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

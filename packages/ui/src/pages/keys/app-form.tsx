import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { posthorn } from '../../api/client.ts';
import { FormProblem } from '../../parts/form-problem.tsx';
import { checkName } from '../../parts/checks.ts';
import { useSendForm } from '../../parts/use-send-form.ts';
import { texts } from '../../texts/texts.ts';

/** An app needs a name and nothing else. */
export function AppForm({ onDone }: { readonly onDone: () => unknown }) {
  const form = useForm({
    initialValues: { name: '' },
    validate: { name: checkName },
  });
  const { onSubmit, isSending, problem } = useSendForm({
    form,
    send: ({ name }) => posthorn.apps.create({ name: name.trim() }),
    onDone,
  });
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack>
        <FormProblem problem={problem} />
        <TextInput
          {...form.getInputProps('name')}
          label={texts.keys.fields.name}
          autoComplete="off"
          data-autofocus
        />
        <Group justify="flex-end">
          <Button type="submit" loading={isSending}>
            {texts.keys.createApp}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

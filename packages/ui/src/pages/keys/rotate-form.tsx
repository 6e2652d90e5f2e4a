import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { NewKey } from '@posthorn/sdk';
import { posthorn } from '../../api/client.ts';
import { FormProblem } from '../../parts/form-problem.tsx';
import { useSendForm } from '../../parts/use-send-form.ts';
import { texts } from '../../texts/texts.ts';

const words = texts.keys;

interface RotateFormProps {
  /** Of the key that is replaced. */
  readonly id: string;
  readonly onDone: (made: NewKey) => unknown;
}

/** How long the old key is good beside the new one. */
export function RotateForm({ id, onDone }: RotateFormProps) {
  const form = useForm({ initialValues: { overlap: '24h' } });
  const { onSubmit, isSending, problem } = useSendForm({
    form,
    send: ({ overlap }) => posthorn.keys.rotate(id, { overlap }),
    onDone,
  });
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack>
        <FormProblem problem={problem} />
        <Text>{words.rotateAsk}</Text>
        <Select
          {...form.getInputProps('overlap')}
          label={words.overlap}
          data={Object.entries(words.overlaps).map(([value, label]) => ({ value, label }))}
          allowDeselect={false}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={isSending}>
            {words.rotateConfirm}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

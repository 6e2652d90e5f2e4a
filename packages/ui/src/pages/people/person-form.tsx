import { Button, Checkbox, Group, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Person, PersonInput } from '@posthorn/sdk';
import { FormProblem } from '../../parts/form-problem.tsx';
import { checkEmail, checkName } from '../../parts/checks.ts';
import { useSendForm } from '../../parts/use-send-form.ts';
import { texts } from '../../texts/texts.ts';
import { LocationsField } from './locations-field.tsx';

const words = texts.people;
const ROLES = ['operator', 'manager', 'viewer'] as const;

interface PersonFormProps<Answer> {
  /** Null: somebody new. */
  readonly person: Person | null;
  readonly submit: string;
  readonly send: (input: PersonInput) => Promise<Answer>;
  readonly onDone: (answer: Answer) => unknown;
}

/** Who somebody is, and what they may do where. */
export function PersonForm<Answer>({ person, submit, send, onDone }: PersonFormProps<Answer>) {
  const form = useForm({
    initialValues: {
      name: person?.name ?? '',
      email: person?.email ?? '',
      role: person?.role ?? 'manager',
      everywhere: (person?.locations ?? null) === null,
      locations: person?.locations ?? [],
    },
    validate: {
      name: checkName,
      email: checkEmail,
      locations: (locations, { role, everywhere }) =>
        role !== 'operator' && !everywhere && locations.length === 0
          ? words.locationsMissing
          : null,
    },
  });
  const { onSubmit, isSending, problem } = useSendForm({
    form,
    send: ({ name, email, role, everywhere, locations }) =>
      send({
        name: name.trim(),
        email: email.trim(),
        role,
        locations: role === 'operator' || everywhere ? null : locations,
      }),
    onDone,
  });
  const { role, everywhere } = form.values;

  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack>
        <FormProblem problem={problem} />
        <TextInput
          {...form.getInputProps('name')}
          label={words.fields.name}
          autoComplete="off"
          data-autofocus
        />
        <TextInput
          {...form.getInputProps('email')}
          label={words.fields.email}
          description={words.fields.emailHint}
          type="email"
          autoComplete="off"
        />
        <Radio.Group {...form.getInputProps('role')} label={words.fields.role}>
          <Stack gap="xs" mt="xs">
            {ROLES.map((one) => (
              <Radio
                key={one}
                value={one}
                label={words.roles[one].label}
                description={words.roles[one].hint}
              />
            ))}
          </Stack>
        </Radio.Group>
        {role !== 'operator' && (
          <Checkbox
            {...form.getInputProps('everywhere', { type: 'checkbox' })}
            label={words.fields.everywhere}
          />
        )}
        {role !== 'operator' && !everywhere && (
          <LocationsField {...form.getInputProps('locations')} />
        )}
        <Group justify="space-between">
          <Text size="sm" c="dimmed" flex={1} miw="12rem">
            {person !== null && words.changeHint}
          </Text>
          <Button type="submit" loading={isSending}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

import { Button, Checkbox, Group, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { NewKey, Scope } from '@posthorn/sdk';
import { useQuery } from '@tanstack/react-query';
import { posthorn } from '../../api/client.ts';
import { FormProblem } from '../../parts/form-problem.tsx';
import { LocationSelect } from '../../parts/location-select.tsx';
import { checkName } from '../../parts/checks.ts';
import { useSendForm } from '../../parts/use-send-form.ts';
import { appsQuery } from '../../queries/apps.ts';
import { texts } from '../../texts/texts.ts';

const words = texts.keys;

/** What apps may be given; the audit and the settings of all are for operators. */
const OF_APPS: ReadonlySet<string> = new Set([
  'events:write',
  'events:read',
  'webhooks:read',
  'webhooks:write',
  'deliveries:read',
  'deliveries:resend',
]);

interface KeyFormProps {
  /** Whose key it is; null: an operator's. */
  readonly app: number | null;
  readonly onDone: (made: NewKey) => unknown;
}

/** What a key may do, where, and until when. */
export function KeyForm({ app, onDone }: KeyFormProps) {
  const { data: apps = [] } = useQuery(appsQuery);
  const form = useForm({
    initialValues: {
      name: '',
      app: app === null ? '' : String(app),
      everything: false,
      scopes: ['events:write'] as Scope[],
      location: null as number | null,
      expiresAt: '',
    },
    validate: {
      name: checkName,
      scopes: (scopes, { everything }) =>
        !everything && scopes.length === 0 ? words.scopesMissing : null,
    },
  });
  const { onSubmit, isSending, problem } = useSendForm({
    form,
    send({ name, app: owner, everything, scopes, location, expiresAt }) {
      const input = {
        name: name.trim(),
        location,
        expiresAt: expiresAt === '' ? null : endOfDay(expiresAt),
      };
      return owner === ''
        ? posthorn.keys.create({ ...input, scopes: everything ? ['*'] : scopes })
        : posthorn.apps.createKey(Number(owner), { ...input, scopes });
    },
    onDone,
  });
  const { app: owner, everything } = form.values;
  const isOfApp = owner !== '';
  const scopes = Object.entries(words.scopes).filter(([scope]) => !isOfApp || OF_APPS.has(scope));

  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack>
        <FormProblem problem={problem} />
        <TextInput
          {...form.getInputProps('name')}
          label={words.fields.name}
          description={words.fields.nameHint}
          autoComplete="off"
          data-autofocus
        />
        {apps.length > 0 && (
          <Select
            {...form.getInputProps('app')}
            label={words.fields.app}
            description={words.fields.appHint}
            data={[
              { value: '', label: words.fields.noApp },
              ...apps.map(({ id, name }) => ({ value: String(id), label: name })),
            ]}
            onChange={(next: string | null) =>
              form.setValues({
                app: next ?? '',
                everything: false,
                scopes: form.values.scopes.filter((scope) => !next || OF_APPS.has(scope)),
              })
            }
            allowDeselect={false}
          />
        )}
        {!isOfApp && (
          <Checkbox
            {...form.getInputProps('everything', { type: 'checkbox' })}
            label={words.fields.all}
          />
        )}
        {!everything && (
          <Checkbox.Group {...form.getInputProps('scopes')} label={words.fields.scopes}>
            <Stack gap="xs" mt="xs">
              {scopes.map(([scope, label]) => (
                <Checkbox key={scope} value={scope} label={label} />
              ))}
            </Stack>
          </Checkbox.Group>
        )}
        <LocationSelect
          value={form.values.location}
          onChange={(location) => form.setFieldValue('location', location)}
          error={form.errors['location']}
          label={words.fields.location}
          description={words.fields.locationHint}
          placeholder={texts.parts.everyLocation}
        />
        <TextInput
          {...form.getInputProps('expiresAt')}
          label={words.fields.expiresAt}
          description={words.fields.expiresAtHint}
          type="date"
        />
        <Group justify="flex-end">
          <Button type="submit" loading={isSending}>
            {words.create}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The last second of a day in the reader's zone, as RFC 3339. */
function endOfDay(day: string): string {
  return new Date(`${day}T23:59:59`).toISOString();
}

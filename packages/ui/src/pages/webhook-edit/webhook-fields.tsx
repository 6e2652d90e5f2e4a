import { NumberInput, Radio, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { Session, WebhookWithWaiting } from '@posthorn/sdk';
import { texts } from '../../texts/texts.ts';
import { ActionChoice } from './action-choice.tsx';
import { type Fields, placeOf } from './fields.ts';
import { LocationChoice } from './location-choice.tsx';
import { Section } from '../../parts/section.tsx';
import { UrlField } from './url-field.tsx';

const words = texts.webhookEdit;

interface WebhookFieldsProps {
  readonly form: UseFormReturnType<Fields>;
  readonly session: Session;
  /** As it is stored; null: there is none yet. */
  readonly webhook: WebhookWithWaiting | null;
}

/** Everything that a webhook is made of. */
export function WebhookFields({ form, session, webhook }: WebhookFieldsProps) {
  const { name, url, actions, isEvery, location, isEverywhere, active, held } = form.values;
  const isSwitchedOn = webhook?.active === false && active;
  return (
    <>
      <Section title={words.when}>
        <ActionChoice
          isEvery={isEvery}
          onEvery={(value) => {
            form.setFieldValue('isEvery', value);
            form.clearFieldError('actions');
          }}
          chosen={actions}
          onChoose={(chosen) => form.setFieldValue('actions', chosen)}
          error={form.errors['actions']}
        />
        <LocationChoice
          session={session}
          isEverywhere={isEverywhere}
          onEverywhere={(value) => form.setFieldValue('isEverywhere', value)}
          location={location}
          onLocation={(value) => form.setFieldValue('location', value)}
          error={form.errors['location']}
        />
      </Section>
      <Section title={words.where}>
        <UrlField
          url={url}
          onUrl={(value) => form.setFieldValue('url', value)}
          location={placeOf(form.values)}
          error={form.errors['url']}
        />
      </Section>
      <Section title={words.about}>
        <TextInput
          {...form.getInputProps('name')}
          value={name}
          label={words.name}
          placeholder={words.namePlaceholder}
          maxLength={200}
        />
        <Textarea
          {...form.getInputProps('description')}
          label={`${words.description} (${words.optional})`}
          description={words.descriptionHint}
          rows={2}
          maxLength={2000}
        />
      </Section>
      <Section title={words.fine}>
        <NumberInput
          {...form.getInputProps('concurrency')}
          label={`${words.concurrency} (${words.optional})`}
          description={words.concurrencyHint}
          min={1}
          max={1000}
          allowDecimal={false}
        />
        <Switch
          {...form.getInputProps('active', { type: 'checkbox' })}
          label={words.active}
          description={words.activeHint}
        />
        {isSwitchedOn && webhook.waiting > 0 && (
          <Radio.Group
            label={words.held(webhook.waiting)}
            value={held}
            onChange={(value) => form.setFieldValue('held', value)}
          >
            <Stack gap="xs" mt="xs">
              <Radio value="send" label={words.heldSend} />
              <Radio value="drop" label={words.heldDrop} />
            </Stack>
          </Radio.Group>
        )}
      </Section>
    </>
  );
}

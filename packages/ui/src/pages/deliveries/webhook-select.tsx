import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { webhookQuery } from '../../queries/webhook.ts';
import { webhookNamesQuery } from '../../queries/webhook-names.ts';
import { texts } from '../../texts/texts.ts';

const words = texts.deliveries.filters;

/** Between the last key and the question. */
const TYPING_MS = 200;

interface WebhookSelectProps {
  readonly value: number | undefined;
  readonly onChange: (webhook: number | undefined) => void;
}

/** One of the webhooks, however many there are: the service searches. */
export function WebhookSelect({ value, onChange }: WebhookSelectProps) {
  const { data: chosen } = useQuery({
    ...webhookQuery(value ?? 0),
    enabled: value !== undefined,
  });
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed, TYPING_MS);
  const { data: found = [] } = useQuery({
    ...webhookNamesQuery(q === chosen?.name ? '' : q),
    placeholderData: keepPreviousData,
  });

  const options = found.map(({ id, name }) => ({ value: String(id), label: name }));
  if (value !== undefined && !found.some(({ id }) => id === value)) {
    options.unshift({
      value: String(value),
      label: chosen?.name ?? words.webhookNumber(value),
    });
  }
  return (
    <Select
      label={words.webhook}
      placeholder={texts.filters.any}
      data={options}
      value={value === undefined ? null : String(value)}
      onChange={(id) => onChange(id === null ? undefined : Number(id))}
      onSearchChange={setTyped}
      // The service has searched already, also in URLs and descriptions.
      filter={({ options: all }) => all}
      nothingFoundMessage={words.noWebhook}
      searchable
      clearable
    />
  );
}

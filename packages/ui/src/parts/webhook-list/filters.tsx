import { Select } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import type { WebhookState } from '@posthorn/sdk';
import type { WebhookFilter } from '../../queries/webhooks.ts';
import { texts } from '../../texts/texts.ts';
import { ActionSelect } from '../filters/action-select.tsx';
import { FilterBar } from '../filters/filter-bar.tsx';
import { TypedInput } from '../filters/typed-input.tsx';
import { LocationSelect } from '../location-select.tsx';

const words = texts.filters;

const STATES = Object.entries(texts.webhookState.apart).map(([value, label]) => ({ value, label }));

interface FiltersProps {
  readonly filter: WebhookFilter;
  readonly onChange: (filter: WebhookFilter) => void;
}

/** What narrows the list. */
export function Filters({ filter, onChange }: FiltersProps) {
  const set = (change: WebhookFilter) => onChange({ ...filter, ...change });

  return (
    <FilterBar filter={filter} onClear={() => onChange({})}>
      <TypedInput
        flex="1 1 16rem"
        type="search"
        label={texts.webhooks.search}
        placeholder={texts.webhooks.searchHint}
        leftSection={<IconSearch size={16} />}
        maxLength={200}
        value={filter.q}
        onTyped={(q) => set({ q })}
      />
      <Select
        label={words.state}
        placeholder={words.any}
        data={STATES}
        value={filter.state ?? null}
        onChange={(state) => set({ state: (state as WebhookState | null) ?? undefined })}
        clearable
      />
      <ActionSelect value={filter.action} onChange={(action) => set({ action })} />
      <LocationSelect
        label={words.location}
        placeholder={words.any}
        value={filter.location ?? null}
        onChange={(location) => set({ location: location ?? undefined })}
      />
    </FilterBar>
  );
}

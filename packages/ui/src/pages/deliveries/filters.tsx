import { Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { ActionSelect } from '../../parts/filters/action-select.tsx';
import { FilterBar } from '../../parts/filters/filter-bar.tsx';
import { InstantInput } from '../../parts/filters/instant-input.tsx';
import { TypedInput } from '../../parts/filters/typed-input.tsx';
import { LocationSelect } from '../../parts/location-select.tsx';
import type { DeliveryFilter } from '../../queries/deliveries.ts';
import { texts } from '../../texts/texts.ts';
import { WebhookSelect } from './webhook-select.tsx';

const words = texts.filters;
const STATES = Object.entries(texts.deliveries.states).map(([value, label]) => ({ value, label }));

/** What narrows the list. */
export function Filters({ filter }: { readonly filter: DeliveryFilter }) {
  const navigate = useNavigate({ from: '/deliveries' });
  const set = (change: DeliveryFilter) =>
    void navigate({ search: (search) => ({ ...search, ...change }), replace: true });

  return (
    <FilterBar filter={filter} onClear={() => void navigate({ search: {} })}>
      <Select
        label={words.state}
        placeholder={words.any}
        data={STATES}
        value={filter.state ?? null}
        onChange={(state) => set({ state: (state ?? undefined) as DeliveryFilter['state'] })}
        clearable
      />
      <WebhookSelect value={filter.webhook} onChange={(webhook) => set({ webhook })} />
      <ActionSelect value={filter.action} onChange={(action) => set({ action })} />
      <LocationSelect
        label={words.location}
        placeholder={words.any}
        value={filter.location ?? null}
        onChange={(location) => set({ location: location ?? undefined })}
      />
      <InstantInput label={words.from} value={filter.from} onChange={(from) => set({ from })} />
      <InstantInput label={words.to} value={filter.to} onChange={(to) => set({ to })} />
      <TypedInput
        label={texts.deliveries.filters.event}
        placeholder="evt_…"
        value={filter.event}
        onTyped={(event) => set({ event })}
      />
    </FilterBar>
  );
}

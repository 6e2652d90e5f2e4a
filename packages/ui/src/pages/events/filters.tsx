import { useNavigate } from '@tanstack/react-router';
import { ActionSelect } from '../../parts/filters/action-select.tsx';
import { FilterBar } from '../../parts/filters/filter-bar.tsx';
import { InstantInput } from '../../parts/filters/instant-input.tsx';
import { LocationSelect } from '../../parts/location-select.tsx';
import type { EventFilter } from '../../queries/events.ts';
import { texts } from '../../texts/texts.ts';

const words = texts.filters;

/** What narrows the list. */
export function Filters({ filter }: { readonly filter: EventFilter }) {
  const navigate = useNavigate({ from: '/events' });
  const set = (change: EventFilter) =>
    void navigate({ search: (search) => ({ ...search, ...change }), replace: true });

  return (
    <FilterBar filter={filter} onClear={() => void navigate({ search: {} })}>
      <ActionSelect value={filter.action} onChange={(action) => set({ action })} />
      <LocationSelect
        label={words.location}
        placeholder={words.any}
        value={filter.location ?? null}
        onChange={(location) => set({ location: location ?? undefined })}
      />
      <InstantInput label={words.from} value={filter.from} onChange={(from) => set({ from })} />
      <InstantInput label={words.to} value={filter.to} onChange={(to) => set({ to })} />
    </FilterBar>
  );
}

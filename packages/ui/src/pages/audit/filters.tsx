import { Select, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { FilterBar } from '../../parts/filters/filter-bar.tsx';
import { TypedInput } from '../../parts/filters/typed-input.tsx';
import type { AuditFilter } from '../../queries/audit.ts';
import { texts } from '../../texts/texts.ts';

const words = texts.audit.filters;
const WHAT = Object.entries(texts.audit.what).map(([value, label]) => ({ value, label }));

/** What narrows the audit. */
export function Filters({ filter }: { readonly filter: AuditFilter }) {
  const navigate = useNavigate({ from: '/settings/audit' });
  const set = (change: AuditFilter) =>
    void navigate({ search: (search) => ({ ...search, ...change }), replace: true });
  const given = (day: string) => (day === '' ? undefined : day);

  return (
    <FilterBar filter={filter} onClear={() => void navigate({ search: {} })}>
      <Select
        label={words.what}
        placeholder={texts.filters.any}
        data={WHAT}
        value={filter.what ?? null}
        onChange={(what) => set({ what: what ?? undefined })}
        searchable
        clearable
      />
      <TypedInput
        flex="0 1 17rem"
        label={words.who}
        placeholder={words.whoHint}
        value={filter.who}
        onTyped={(who) => set({ who })}
      />
      <TextInput
        label={texts.filters.from}
        type="date"
        value={filter.from ?? ''}
        onChange={({ currentTarget }) => set({ from: given(currentTarget.value) })}
      />
      <TextInput
        label={words.to}
        type="date"
        value={filter.to ?? ''}
        onChange={({ currentTarget }) => set({ to: given(currentTarget.value) })}
      />
    </FilterBar>
  );
}

import { Button, Select, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { AuditFilter } from '../../queries/audit.ts';
import { texts } from '../../texts/texts.ts';
import styles from './filters.module.css';

const words = texts.audit.filters;

interface FiltersProps {
  readonly filter: AuditFilter;
  readonly isFiltered: boolean;
}

/** What narrows the audit; all of it stands in the address. */
export function Filters({ filter, isFiltered }: FiltersProps) {
  const navigate = useNavigate({ from: '/settings/audit' });
  const set = (change: AuditFilter) =>
    void navigate({ search: (search) => ({ ...search, ...change }), replace: true });
  const given = (text: string) => (text === '' ? undefined : text);

  return (
    <form
      className={styles.filters}
      aria-label={words.title}
      onSubmit={(event) => event.preventDefault()}
    >
      <Select
        label={words.what}
        placeholder={words.any}
        data={Object.entries(texts.audit.what).map(([value, label]) => ({ value, label }))}
        value={filter.what ?? null}
        onChange={(what) => set({ what: what ?? undefined })}
        searchable
        clearable
      />
      <TextInput
        label={words.who}
        placeholder={words.whoHint}
        value={filter.who ?? ''}
        onChange={({ currentTarget }) => set({ who: given(currentTarget.value.trim()) })}
        className={styles.who}
      />
      <TextInput
        label={words.from}
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
      {isFiltered && (
        <Button variant="subtle" onClick={() => void navigate({ search: {} })}>
          {words.clear}
        </Button>
      )}
    </form>
  );
}

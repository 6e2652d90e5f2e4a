import { Button, Select, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import type { WebhookState } from '@posthorn/sdk';
import { useQuery } from '@tanstack/react-query';
import { actionsQuery } from '../../queries/actions.ts';
import type { WebhookFilter } from '../../queries/webhooks.ts';
import { texts } from '../../texts/texts.ts';
import { LocationSelect } from '../location-select.tsx';
import styles from './filters.module.css';
import { useTyped } from './use-typed.ts';

const words = texts.webhooks.filters;

const STATES = Object.entries(words.states).map(([value, label]) => ({ value, label }));

interface FiltersProps {
  readonly filter: WebhookFilter;
  readonly onChange: (filter: WebhookFilter) => void;
}

/** What narrows the list. */
export function Filters({ filter, onChange }: FiltersProps) {
  const { data: actions = [] } = useQuery(actionsQuery);
  const set = (change: WebhookFilter) => onChange({ ...filter, ...change });
  const [q, setQ] = useTyped(filter.q ?? '', (typed) =>
    set({ q: typed.trim() === '' ? undefined : typed }),
  );
  const isSet = Object.values(filter).some((value) => value !== undefined);

  return (
    <form
      className={styles.filters}
      aria-label={words.title}
      onSubmit={(event) => event.preventDefault()}
    >
      <TextInput
        className={styles.search}
        type="search"
        label={words.search}
        placeholder={words.searchHint}
        leftSection={<IconSearch size={16} />}
        maxLength={200}
        value={q}
        onChange={({ currentTarget: { value } }) => setQ(value)}
      />
      <Select
        label={words.state}
        placeholder={words.any}
        data={STATES}
        value={filter.state ?? null}
        onChange={(state) => set({ state: (state as WebhookState | null) ?? undefined })}
        clearable
      />
      <Select
        label={words.action}
        placeholder={words.any}
        data={actions.map(({ name, label }) => ({ value: name, label }))}
        value={filter.action ?? null}
        onChange={(action) => set({ action: action ?? undefined })}
        nothingFoundMessage={words.noAction}
        searchable
        clearable
      />
      <LocationSelect
        label={words.location}
        placeholder={words.any}
        value={filter.location ?? null}
        onChange={(location) => set({ location: location ?? undefined })}
      />
      {isSet && (
        <Button variant="subtle" className={styles.clear} onClick={() => onChange({})}>
          {words.clear}
        </Button>
      )}
    </form>
  );
}

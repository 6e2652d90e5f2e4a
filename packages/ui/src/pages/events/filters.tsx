import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { actionsQuery } from '../../queries/actions.ts';
import type { EventFilter } from '../../queries/events.ts';
import { texts } from '../../texts/texts.ts';
import styles from './events.module.css';
import { instantOf, localOf } from './local-time.ts';

const words = texts.events.filters;

/** What narrows the list; all of it stands in the address, so that a page can be sent to somebody. */
export function Filters({ filter }: { readonly filter: EventFilter }) {
  const { data: actions = [] } = useQuery(actionsQuery);
  const navigate = useNavigate({ from: '/events' });
  const set = (change: EventFilter) =>
    void navigate({ search: (search) => ({ ...search, ...change }), replace: true });
  const isFiltered = Object.values(filter).some((value) => value !== undefined);

  return (
    <div className={styles.filters} role="group" aria-label={words.title}>
      <Select
        label={words.action}
        placeholder={words.any}
        data={actions.map(({ name, label }) => ({ value: name, label }))}
        value={filter.action ?? null}
        onChange={(action) => set({ action: action ?? undefined })}
        searchable
        clearable
      />
      <NumberInput
        label={words.location}
        placeholder={words.any}
        value={filter.location ?? ''}
        onChange={(value) => set({ location: typeof value === 'number' ? value : undefined })}
        min={1}
        allowDecimal={false}
        hideControls
      />
      <TextInput
        type="datetime-local"
        label={words.from}
        value={localOf(filter.from)}
        onChange={({ currentTarget: { value } }) => set({ from: instantOf(value) })}
      />
      <TextInput
        type="datetime-local"
        label={words.to}
        value={localOf(filter.to)}
        onChange={({ currentTarget: { value } }) => set({ to: instantOf(value) })}
      />
      {isFiltered && (
        <Button
          className={styles.clear}
          variant="subtle"
          onClick={() => void navigate({ search: {} })}
        >
          {words.clear}
        </Button>
      )}
    </div>
  );
}

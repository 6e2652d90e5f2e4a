import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { actionsQuery } from '../../queries/actions.ts';
import type { DeliveryFilter } from '../../queries/deliveries.ts';
import { texts } from '../../texts/texts.ts';
import styles from './filters.module.css';
import { InstantInput } from './instant-input.tsx';
import { WebhookSelect } from './webhook-select.tsx';

const words = texts.deliveries.filters;
const STATES = Object.entries(texts.deliveries.states).map(([value, label]) => ({ value, label }));

/** Between the last key and the question. */
const TYPING_MS = 300;

/** What narrows the list; all of it stands in the address, so that a page can be sent to somebody. */
export function Filters({ filter }: { readonly filter: DeliveryFilter }) {
  const { data: actions = [] } = useQuery(actionsQuery);
  const navigate = useNavigate({ from: '/deliveries' });
  const set = (change: DeliveryFilter) =>
    void navigate({ search: (search) => ({ ...search, ...change }), replace: true });
  const typed = useRef<DeliveryFilter>({});
  const setTyped = useDebouncedCallback(() => {
    set(typed.current);
    typed.current = {};
  }, TYPING_MS);
  const setSoon = (change: DeliveryFilter) => {
    typed.current = { ...typed.current, ...change };
    setTyped();
  };
  // What is typed is the browser's until it is cleared.
  const [clearings, setClearings] = useState(0);
  const isFiltered = Object.values(filter).some((value) => value !== undefined);

  return (
    <form
      className={styles.filters}
      aria-label={words.title}
      onSubmit={(event) => event.preventDefault()}
    >
      <Select
        label={words.state}
        placeholder={words.any}
        data={STATES}
        value={filter.state ?? null}
        onChange={(state) => set({ state: (state ?? undefined) as DeliveryFilter['state'] })}
        clearable
      />
      <WebhookSelect value={filter.webhook} onChange={(webhook) => set({ webhook })} />
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
        key={`location ${clearings}`}
        defaultValue={filter.location ?? ''}
        onChange={(value) =>
          setSoon({ location: typeof value === 'number' && value > 0 ? value : undefined })
        }
        min={1}
        allowDecimal={false}
        hideControls
      />
      <InstantInput
        key={`from ${clearings}`}
        label={words.from}
        initial={filter.from}
        onChange={(from) => setSoon({ from })}
      />
      <InstantInput
        key={`to ${clearings}`}
        label={words.to}
        initial={filter.to}
        onChange={(to) => setSoon({ to })}
      />
      <TextInput
        label={words.event}
        placeholder="evt_…"
        key={`event ${clearings}`}
        defaultValue={filter.event ?? ''}
        onChange={({ currentTarget: { value } }) =>
          setSoon({ event: value.trim() === '' ? undefined : value.trim() })
        }
      />
      {isFiltered && (
        <Button
          variant="subtle"
          onClick={() => {
            typed.current = {};
            setClearings(clearings + 1);
            void navigate({ search: {} });
          }}
        >
          {words.clear}
        </Button>
      )}
    </form>
  );
}

import { Button, NumberInput, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { actionsQuery } from '../../queries/actions.ts';
import type { WebhookFilter } from '../../queries/webhooks.ts';
import { texts } from '../../texts/texts.ts';
import styles from './filters.module.css';

const words = texts.webhooks.filters;

/** What narrows the list; all of it stands in the address, so that a page can be sent to somebody. */
export function Filters({ filter }: { readonly filter: WebhookFilter }) {
  const { data: actions = [] } = useQuery(actionsQuery);
  const navigate = useNavigate({ from: '/webhooks' });
  const set = (change: WebhookFilter) =>
    void navigate({ search: (search) => ({ ...search, ...change }), replace: true });

  return (
    <form
      className={styles.filters}
      aria-label={words.title}
      onSubmit={(event) => event.preventDefault()}
    >
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
      <Select
        label={words.state}
        placeholder={words.any}
        data={[
          { value: 'true', label: words.active },
          { value: 'false', label: words.inactive },
        ]}
        value={filter.active === undefined ? null : String(filter.active)}
        onChange={(active) => set({ active: active === null ? undefined : active === 'true' })}
        clearable
      />
      <Button variant="subtle" onClick={() => void navigate({ search: {} })}>
        {words.clear}
      </Button>
    </form>
  );
}

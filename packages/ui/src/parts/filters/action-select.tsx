import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { actionsQuery } from '../../queries/actions.ts';
import { texts } from '../../texts/texts.ts';

const words = texts.filters;

interface ActionSelectProps {
  /** A name. */
  readonly value: string | undefined;
  readonly onChange: (action: string | undefined) => void;
}

/** Any action, or one of the catalogue. */
export function ActionSelect({ value, onChange }: ActionSelectProps) {
  const { data: actions = [] } = useQuery(actionsQuery);
  return (
    <Select
      label={words.action}
      placeholder={words.any}
      data={actions.map(({ name, label }) => ({ value: name, label }))}
      value={value ?? null}
      onChange={(action) => onChange(action ?? undefined)}
      nothingFoundMessage={words.noAction}
      searchable
      clearable
    />
  );
}

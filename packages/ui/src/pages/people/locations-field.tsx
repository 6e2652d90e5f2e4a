import { MultiSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { locationsQuery } from '../../queries/locations.ts';
import { texts } from '../../texts/texts.ts';

const words = texts.people;

/** Of thousands, those that are shown at once; typing finds the others. */
const SHOWN = 100;

const NONE: readonly number[] = [];

interface LocationsFieldProps {
  readonly value?: readonly number[];
  readonly onChange?: (locations: readonly number[]) => void;
  readonly error?: ReactNode;
}

/** Several locations by their names or numbers; also those that nobody has mentioned yet. */
export function LocationsField({ value = NONE, onChange, error }: LocationsFieldProps) {
  const { data: known = [] } = useQuery(locationsQuery);
  const [typed, setTyped] = useState('');
  const names = new Map(known.map(({ id, name }) => [id, name]));
  for (const id of value) if (!names.has(id)) names.set(id, null);
  if (/^[1-9]\d{0,14}$/.test(typed) && !names.has(Number(typed))) names.set(Number(typed), null);

  return (
    <MultiSelect
      label={words.fields.locations}
      description={words.fields.locationsHint}
      data={[...names].map(([id, name]) => ({
        value: String(id),
        label: texts.parts.location(id, name),
      }))}
      value={value.map(String)}
      onChange={(ids) => onChange?.(ids.map(Number))}
      onSearchChange={setTyped}
      nothingFoundMessage={texts.parts.noSuchLocation}
      error={error}
      limit={SHOWN}
      searchable
      hidePickedOptions
    />
  );
}

import { Select, type SelectProps } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { locationsQuery } from '../queries/locations.ts';
import { texts } from '../texts/texts.ts';

/** Of thousands, those that are shown at once; typing finds the others. */
const SHOWN = 100;

type LocationSelectProps = Pick<
  SelectProps,
  'label' | 'description' | 'placeholder' | 'error' | 'disabled'
> & {
  readonly value: number | null;
  readonly onChange: (location: number | null) => void;
};

/** Chooses a location by its name or number; also one that nobody has mentioned yet, by its number. */
export function LocationSelect({ value, onChange, ...field }: LocationSelectProps) {
  const { data: locations = [] } = useQuery(locationsQuery);
  const [typed, setTyped] = useState('');
  const known = locations.map(({ id, name }) => ({
    value: String(id),
    label: texts.parts.location(id, name),
  }));
  const others = [value === null ? '' : String(value), typed].filter(
    (id, index, all) =>
      isLocation(id) && all.indexOf(id) === index && known.every((one) => one.value !== id),
  );
  return (
    <Select
      {...field}
      data={[
        ...known,
        ...others.map((id) => ({ value: id, label: texts.parts.location(Number(id), null) })),
      ]}
      value={value === null ? null : String(value)}
      onChange={(id) => onChange(id === null ? null : Number(id))}
      onSearchChange={setTyped}
      // A number that was typed is meant, also by who does not choose it from the list.
      onBlur={() => {
        if (isLocation(typed)) onChange(Number(typed));
      }}
      nothingFoundMessage={texts.parts.noSuchLocation}
      limit={SHOWN}
      searchable
      clearable
    />
  );
}

function isLocation(text: string): boolean {
  return /^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(Number(text));
}

import { Radio, Select, Stack } from '@mantine/core';
import type { Session } from '@posthorn/sdk';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { LocationSelect } from '../../parts/location-select.tsx';
import { locationsQuery } from '../../queries/locations.ts';
import { texts } from '../../texts/texts.ts';

const words = texts.webhookEdit.location;

interface LocationChoiceProps {
  /** Whoever is bound to locations chooses among them. */
  readonly session: Session;
  readonly isEverywhere: boolean;
  readonly onEverywhere: (isEverywhere: boolean) => void;
  readonly location: number | null;
  readonly onLocation: (location: number | null) => void;
  readonly error: ReactNode;
}

/** All locations, or one. */
export function LocationChoice(props: LocationChoiceProps) {
  const { session, isEverywhere, onEverywhere, location, onLocation, error } = props;
  if (session.locations !== null) {
    return <OwnLocation {...props} locations={session.locations} />;
  }
  return (
    <>
      <Radio.Group
        label={words.label}
        value={isEverywhere ? 'all' : 'one'}
        onChange={(value) => onEverywhere(value === 'all')}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="all" label={words.all} />
          <Radio value="one" label={words.one} />
        </Stack>
      </Radio.Group>
      {!isEverywhere && (
        <LocationSelect
          label={words.which}
          description={words.whichHint}
          value={location}
          onChange={onLocation}
          error={error}
        />
      )}
    </>
  );
}

type OwnLocationProps = Pick<LocationChoiceProps, 'location' | 'onLocation' | 'error'> & {
  readonly locations: readonly number[];
};

function OwnLocation({ locations, location, onLocation, error }: OwnLocationProps) {
  const { data: known = [] } = useQuery(locationsQuery);
  const nameOf = (id: number) => known.find((one) => one.id === id)?.name ?? null;
  return (
    <Select
      label={words.label}
      data={locations.map((id) => ({
        value: String(id),
        label: texts.parts.location(id, nameOf(id)),
      }))}
      value={location === null ? null : String(location)}
      onChange={(id) => onLocation(Number(id))}
      allowDeselect={false}
      error={error}
    />
  );
}

import { useQuery } from '@tanstack/react-query';
import { locationsQuery } from '../queries/locations.ts';
import { texts } from '../texts/texts.ts';
import { VisibleText } from './visible-text/visible-text.tsx';

interface LocationNameProps {
  readonly id: number | null;
  /** What null means. Default: all of them. */
  readonly ofNone?: string;
}

/** A location by its name, where it has one. */
export function LocationName({ id, ofNone = texts.parts.everyLocation }: LocationNameProps) {
  const { data: locations } = useQuery({ ...locationsQuery, enabled: id !== null });
  if (id === null) return ofNone;
  const name = locations?.find((one) => one.id === id)?.name ?? null;
  return <VisibleText text={texts.parts.location(id, name)} />;
}

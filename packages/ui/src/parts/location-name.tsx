import { useQuery } from '@tanstack/react-query';
import { locationsQuery } from '../queries/locations.ts';
import { texts } from '../texts/texts.ts';
import { VisibleText } from './visible-text/visible-text.tsx';

/** A location by its name, where it has one. Null: all of them. */
export function LocationName({ id }: { readonly id: number | null }) {
  const { data: locations } = useQuery({ ...locationsQuery, enabled: id !== null });
  if (id === null) return texts.parts.everyLocation;
  const name = locations?.find((one) => one.id === id)?.name ?? null;
  return <VisibleText text={texts.parts.location(id, name)} />;
}

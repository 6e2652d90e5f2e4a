import { Text } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { sessionQuery } from '../../queries/session.ts';
import { texts } from '../../texts/texts.ts';

/** Says so if this person is whoever reads the page. */
export function You({ id }: { readonly id: number }) {
  const { data: session } = useSuspenseQuery(sessionQuery);
  if (session.kind !== 'person' || session.id !== id) return null;
  return (
    <Text span size="sm" c="dimmed">
      ({texts.people.you})
    </Text>
  );
}

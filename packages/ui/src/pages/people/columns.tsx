import { Text } from '@mantine/core';
import type { Person } from '@posthorn/sdk';
import type { Column } from '../../parts/data-table.tsx';
import { LocationName } from '../../parts/location-name.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import { VisibleText } from '../../parts/visible-text/visible-text.tsx';
import { texts } from '../../texts/texts.ts';
import type { Asked } from './people-dialog.tsx';
import { PersonMenu } from './person-menu.tsx';
import { You } from './you.tsx';

const { columns: headers, ...words } = texts.people;

/** One row of the list; `onAsk` is called with what somebody wants to do with it. */
export function columnsOf(onAsk: (asked: Asked) => void): readonly Column<Person>[] {
  return [
    {
      key: 'name',
      header: headers.name,
      cell: (person) => (
        <>
          <VisibleText text={person.name} foldAfter={200} /> <You id={person.id} />
          <Text size="sm" c="dimmed" component="div">
            <VisibleText text={person.email} foldAfter={200} />
          </Text>
        </>
      ),
    },
    {
      key: 'role',
      header: headers.role,
      width: '9rem',
      cell: (person) => (
        <>
          {words.roles[person.role].label}
          <Text size="sm" c="dimmed">
            <Locations of={person} />
          </Text>
        </>
      ),
    },
    {
      key: 'totp',
      header: headers.totp,
      from: 'desktop',
      width: '9rem',
      cell: ({ totp }) => (
        <StateBadge mood={totp ? 'good' : 'calm'}>{totp ? words.on : words.off}</StateBadge>
      ),
    },
    {
      key: 'lastSignIn',
      header: headers.lastSignIn,
      from: 'tablet',
      cell: ({ joined, lastSignIn }) =>
        joined ? <Time at={lastSignIn} /> : <StateBadge mood="warn">{words.notJoined}</StateBadge>,
    },
    {
      key: 'menu',
      header: headers.menu,
      width: '4.5rem',
      cell: (person) => <PersonMenu person={person} onAsk={onAsk} />,
    },
  ];
}

/** A single one by its name, several by how many they are. */
function Locations({ of: { locations } }: { readonly of: Person }) {
  if (locations !== null && locations.length !== 1) return words.someLocations(locations.length);
  return <LocationName id={locations === null ? null : locations[0]!} />;
}

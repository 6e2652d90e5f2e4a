import { Text } from '@mantine/core';
import type { AuditEntry } from '@posthorn/sdk';
import { Link } from '@tanstack/react-router';
import type { Column } from '../../parts/data-table.tsx';
import { Time } from '../../parts/time.tsx';
import { VisibleText } from '../../parts/visible-text/visible-text.tsx';
import { texts } from '../../texts/texts.ts';

const { columns: headers, ...words } = texts.audit;

/** One line of the audit. */
export const COLUMNS: readonly Column<AuditEntry>[] = [
  {
    key: 'at',
    header: headers.at,
    width: '24%',
    cell: ({ at }) => <Time at={at} />,
  },
  {
    key: 'who',
    header: headers.who,
    cell: (entry) => <Who entry={entry} />,
  },
  {
    key: 'what',
    header: headers.what,
    cell: ({ what, subject }) => (
      <>
        {words.what[what] ?? what}
        {subject !== null && (
          <Text size="sm" c="dimmed" component="div">
            <VisibleText text={subject.replace(':', ' ')} foldAfter={200} />
          </Text>
        )}
      </>
    ),
  },
  {
    key: 'details',
    header: headers.details,
    from: 'tablet',
    cell: ({ details }) => (
      <Text size="sm" component="div">
        {Object.entries(details)
          .filter(([, value]) => value !== null)
          .map(([name, value]) => (
            <div key={name}>
              <VisibleText text={`${name}: ${textOf(value)}`} foldAfter={300} />
            </div>
          ))}
      </Text>
    ),
  },
];

/** A person or key by name, which narrows the list to them; where they came from below it. */
function Who({ entry: { who, address } }: { readonly entry: AuditEntry }) {
  const kind = words.kinds[who.kind];
  const isNamed = who.kind === 'person' || who.kind === 'key';
  const below = [isNamed ? kind : undefined, address === null ? undefined : words.from(address)];
  return (
    <>
      <Link
        to="/settings/audit"
        search={(search) => ({ ...search, who: who.id })}
        title={words.only(isNamed ? who.name : (kind ?? who.name))}
      >
        {isNamed ? <VisibleText text={who.name} foldAfter={200} /> : (kind ?? who.kind)}
      </Link>
      <Text size="sm" c="dimmed">
        {below.filter((part) => part !== undefined).join(', ')}
      </Text>
    </>
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

import { Menu, Text } from '@mantine/core';
import type { App, Key } from '@posthorn/sdk';
import type { Column } from '../../parts/data-table.tsx';
import { LocationName } from '../../parts/location-name.tsx';
import { RowMenu } from '../../parts/row-menu.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import { VisibleText } from '../../parts/visible-text/visible-text.tsx';
import { texts } from '../../texts/texts.ts';
import type { Ask } from './keys-dialog.tsx';

const { columns: headers, ...words } = texts.keys;

/** Scopes that are named in a row; the others are counted. */
const NAMED = 3;

/** One row of the keys. */
export function columnsOf(apps: readonly App[], onAsk: Ask): readonly Column<Key>[] {
  return [
    {
      key: 'name',
      header: headers.name,
      cell: (key) => (
        <>
          <VisibleText text={key.name} foldAfter={200} />
          {key.app !== null && (
            <Text size="sm" c="dimmed" component="div">
              <VisibleText text={appInWords(key.app, apps)} foldAfter={200} />
            </Text>
          )}
        </>
      ),
    },
    {
      key: 'scopes',
      header: headers.scopes,
      cell: ({ scopes, location }) => (
        <>
          {scopesInWords(scopes)}
          {location !== null && (
            <Text size="sm" c="dimmed" component="div">
              <LocationName id={location} />
            </Text>
          )}
        </>
      ),
    },
    {
      key: 'lastUsed',
      header: headers.lastUsed,
      from: 'tablet',
      width: '11rem',
      cell: ({ lastUsedAt }) => <Time at={lastUsedAt} />,
    },
    {
      key: 'expires',
      header: headers.expires,
      from: 'tablet',
      width: '12rem',
      cell: ({ expiresAt, successor }) => (
        <>
          {expiresAt === null ? words.untilRevoked : <Time at={expiresAt} />}
          {successor !== null && (
            <div>
              <StateBadge mood="warn">{words.replaced}</StateBadge>
            </div>
          )}
        </>
      ),
    },
    {
      key: 'menu',
      header: headers.menu,
      width: '4.5rem',
      cell: (key) => (
        <RowMenu label={words.actionsFor(key.name)}>
          {key.successor === null && (
            <Menu.Item onClick={() => onAsk({ what: 'rotate-key', key })}>{words.rotate}</Menu.Item>
          )}
          <Menu.Item color="var(--state-bad)" onClick={() => onAsk({ what: 'revoke-key', key })}>
            {words.revoke}
          </Menu.Item>
        </RowMenu>
      ),
    },
  ];
}

function appInWords(id: number, apps: readonly App[]): string {
  const app = apps.find((one) => one.id === id);
  return app === undefined ? words.unknownApp(id) : words.ofApp(app.name);
}

function scopesInWords(scopes: Key['scopes']): string {
  if (scopes.includes('*')) return words.everything;
  const named = scopes.slice(0, NAMED).map((scope) => words.scopes[scope] ?? scope);
  const others = scopes.length - named.length;
  return [...named, ...(others > 0 ? [words.moreScopes(others)] : [])].join(', ');
}

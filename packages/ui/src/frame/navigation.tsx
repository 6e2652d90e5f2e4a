import {
  IconBolt,
  IconBook2,
  IconGauge,
  IconHistory,
  IconInbox,
  IconKey,
  IconPlugConnected,
  IconSend,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, type LinkProps } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { sessionQuery } from '../queries/session.ts';
import { texts } from '../texts/texts.ts';
import styles from './navigation.module.css';

interface Place {
  readonly to: NonNullable<LinkProps['to']>;
  readonly label: string;
  readonly icon: ComponentType<{ size: number; 'aria-hidden': 'true' }>;
}

const WATCH: readonly Place[] = [
  { to: '/', label: texts.frame.overview, icon: IconGauge },
  { to: '/webhooks', label: texts.frame.webhooks, icon: IconWebhook },
  { to: '/events', label: texts.frame.events, icon: IconBolt },
  { to: '/deliveries', label: texts.frame.deliveries, icon: IconSend },
  { to: '/catalogue', label: texts.frame.catalogue, icon: IconBook2 },
  { to: '/inboxes', label: texts.frame.inboxes, icon: IconInbox },
];

const SETTINGS: readonly Place[] = [
  { to: '/settings/integrations', label: texts.frame.integrations, icon: IconPlugConnected },
];

const OF_OPERATORS: readonly Place[] = [
  { to: '/settings/people', label: texts.frame.people, icon: IconUsers },
  { to: '/settings/keys', label: texts.frame.keys, icon: IconKey },
  { to: '/settings/audit', label: texts.frame.audit, icon: IconHistory },
];

/** The places of the product, in two groups: what takes place, and what is set. */
export function Navigation() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const settings = session.scopes.includes('*') ? [...SETTINGS, ...OF_OPERATORS] : SETTINGS;
  return (
    <>
      <Places places={WATCH} />
      <h2 className={styles.group} id="navigation-settings">
        {texts.frame.settings}
      </h2>
      <Places places={settings} labelledBy="navigation-settings" />
    </>
  );
}

function Places({ places, labelledBy }: { places: readonly Place[]; labelledBy?: string }) {
  return (
    <ul className={styles.places} aria-labelledby={labelledBy}>
      {places.map(({ to, label, icon: Icon }) => (
        <li key={to}>
          <Link
            to={to}
            className={styles.place}
            activeOptions={{ exact: to === '/', includeSearch: false }}
          >
            <Icon size={18} aria-hidden="true" />
            {label}
          </Link>
        </li>
      ))}
    </ul>
  );
}

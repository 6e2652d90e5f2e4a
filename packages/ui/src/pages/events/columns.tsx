import type { PostedEvent } from '@posthorn/sdk';
import { Badge } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Column } from '../../parts/data-table.tsx';
import { LocationName } from '../../parts/location-name.tsx';
import { Time } from '../../parts/time.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './events.module.css';

const { columns: headers, ...words } = texts.events;

/** One row of the list. */
export const COLUMNS: readonly Column<PostedEvent>[] = [
  {
    key: 'action',
    header: headers.action,
    cell: ({ id, action, test }) => (
      <span className={styles.action}>
        <Link to="/events/$event" params={{ event: id }}>
          {action}
        </Link>
        {test && (
          <Badge variant="default" size="sm">
            {words.test}
          </Badge>
        )}
      </span>
    ),
  },
  {
    key: 'createdAt',
    header: headers.createdAt,
    width: '8rem',
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
  {
    key: 'location',
    header: headers.location,
    from: 'tablet',
    width: '10rem',
    cell: ({ location }) => <LocationName id={location} ofNone={texts.parts.noLocation} />,
  },
  {
    key: 'deliveries',
    header: headers.deliveries,
    from: 'tablet',
    width: '10rem',
    cell: ({ deliveries }) => (
      <span data-none={deliveries === 0 || undefined} className={styles.deliveries}>
        {words.deliveries(deliveries)}
      </span>
    ),
  },
  {
    key: 'id',
    header: headers.id,
    from: 'desktop',
    cell: ({ id }) => <span className={styles.id}>{id}</span>,
  },
];

import type { EventWithDeliveries } from '@posthorn/sdk';
import { Link } from '@tanstack/react-router';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Time } from '../../parts/time.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './event.module.css';

const words = texts.event;

/** What there is to know about an event beside its record. */
export function Facts({ event }: { readonly event: EventWithDeliveries }) {
  const { id, action, location, createdAt } = event;
  return (
    <dl className={styles.facts}>
      <div>
        <dt>{words.reported}</dt>
        <dd>
          <Time at={createdAt} />
        </dd>
      </div>
      <div>
        <dt>{words.action}</dt>
        <dd>
          <Link to="/catalogue/$action" params={{ action }}>
            {action}
          </Link>
        </dd>
      </div>
      <div>
        <dt>{words.location}</dt>
        <dd>{location === null ? texts.events.noLocation : texts.events.location(location)}</dd>
      </div>
      <div>
        <dt>{words.id}</dt>
        <dd className={styles.id}>
          {id}
          <CopyButton text={id} />
        </dd>
      </div>
    </dl>
  );
}

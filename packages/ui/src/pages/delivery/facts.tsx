import type { DeliveryWithAttempts } from '@posthorn/sdk';
import { Link } from '@tanstack/react-router';
import { CopyButton } from '../../parts/copy-button.tsx';
import { DeliveryStateBadge } from '../../parts/deliveries/delivery-state-badge.tsx';
import { FactList, Fact } from '../../parts/fact-list.tsx';
import { LocationName } from '../../parts/location-name.tsx';
import { Time } from '../../parts/time.tsx';
import { VisibleText } from '../../parts/visible-text/visible-text.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './delivery.module.css';

const words = texts.delivery;

/** What there is to know before one looks at a call. */
export function Facts({ delivery }: { readonly delivery: DeliveryWithAttempts }) {
  const { id, event, webhook, webhookName, location, createdAt, test } = delivery;
  return (
    <>
      <FactList>
        <Fact name={words.state}>
          <DeliveryStateBadge delivery={delivery} />
        </Fact>
        <Fact name={words.to}>
          <Link to="/webhooks/$webhook" params={{ webhook: String(webhook) }}>
            <VisibleText text={webhookName} foldAfter={200} />
          </Link>
        </Fact>
        <Fact name={words.createdAt}>
          <Time at={createdAt} />
        </Fact>
        <Fact name={words.location}>
          <LocationName id={location} ofNone={texts.parts.noLocation} />
        </Fact>
        <Fact name={words.event}>
          <Link to="/events/$event" params={{ event }}>
            <code>{event}</code>
          </Link>{' '}
          <CopyButton text={event} />
        </Fact>
        <Fact name={words.id}>
          <code>{id}</code> <CopyButton text={id} />
        </Fact>
      </FactList>
      {test && <p className={styles.test}>{words.test}</p>}
    </>
  );
}

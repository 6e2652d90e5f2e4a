import type { EventWithDeliveries } from '@posthorn/sdk';
import { Link } from '@tanstack/react-router';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Fact, FactList } from '../../parts/fact-list.tsx';
import { LocationName } from '../../parts/location-name.tsx';
import { Time } from '../../parts/time.tsx';
import { texts } from '../../texts/texts.ts';

const words = texts.event;

/** What there is to know about an event beside its record. */
export function Facts({ event }: { readonly event: EventWithDeliveries }) {
  const { id, action, location, createdAt } = event;
  return (
    <FactList>
      <Fact name={words.reported}>
        <Time at={createdAt} />
      </Fact>
      <Fact name={words.action}>
        <Link to="/catalogue/$action" params={{ action }}>
          {action}
        </Link>
      </Fact>
      <Fact name={words.location}>
        <LocationName id={location} ofNone={texts.parts.noLocation} />
      </Fact>
      <Fact name={words.id}>
        <code>{id}</code> <CopyButton text={id} />
      </Fact>
    </FactList>
  );
}

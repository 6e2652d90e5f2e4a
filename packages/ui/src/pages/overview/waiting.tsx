import { Title } from '@mantine/core';
import type { DeliveryState, WaitingSum } from '@posthorn/sdk';
import { Link } from '@tanstack/react-router';
import { Time } from '../../parts/time.tsx';
import { whole } from '../../texts/figures.ts';
import { texts } from '../../texts/texts.ts';
import styles from './overview.module.css';

const words = texts.overview;

/** What is to be sent still. */
export function Waiting({ waiting }: { readonly waiting: WaitingSum }) {
  const { due, held, nextAttemptAt } = waiting;
  return (
    <section className={styles.card} aria-labelledby="overview-waiting">
      <Title order={2} size="h4" id="overview-waiting">
        {words.waiting}
      </Title>
      <dl className={styles.waiting}>
        <div>
          <dt>{words.due}</dt>
          <Count name={words.due} state="due" number={due} />
          <dd className={styles.more}>
            {nextAttemptAt === null ? (
              words.nothingDue
            ) : (
              <>
                {words.next} <Time at={nextAttemptAt} />
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>{words.held}</dt>
          <Count name={words.held} state="held" number={held} />
          <dd className={styles.more}>{held === 0 ? words.nothingHeld : words.heldWhy}</dd>
        </div>
      </dl>
    </section>
  );
}

interface CountProps {
  readonly name: string;
  readonly state: DeliveryState;
  readonly number: number;
}

/** How many there are, and the way to them. */
function Count({ name, state, number }: CountProps) {
  return (
    <dd className={styles.number}>
      {number === 0 ? (
        whole(number)
      ) : (
        <Link
          to="/deliveries"
          search={{ state }}
          className={styles.count}
          aria-label={`${name}: ${whole(number)}`}
        >
          {whole(number)}
        </Link>
      )}
    </dd>
  );
}

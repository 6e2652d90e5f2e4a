import { Title } from '@mantine/core';
import type { WaitingSum } from '@posthorn/sdk';
import { Time } from '../../parts/time.tsx';
import { texts } from '../../texts/texts.ts';
import { whole } from './figures.ts';
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
          <dd className={styles.number}>{whole(due)}</dd>
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
          <dd className={styles.number}>{whole(held)}</dd>
          <dd className={styles.more}>{held === 0 ? words.nothingHeld : words.heldWhy}</dd>
        </div>
      </dl>
    </section>
  );
}

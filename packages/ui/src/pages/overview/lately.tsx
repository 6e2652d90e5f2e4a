import { Skeleton } from '@mantine/core';
import type { Lately as LatelyFigures } from '@posthorn/sdk';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { duration, perSecond, share, whole } from '../../texts/figures.ts';
import { texts } from '../../texts/texts.ts';
import styles from './overview.module.css';

const words = texts.overview;

/** How a time went: what took place, what was called, how well and how fast. */
export function Lately({ lately }: { readonly lately: LatelyFigures | undefined }) {
  return (
    <dl className={styles.figures}>
      {/* Those who see some locations only are not told how much takes place. */}
      {lately?.events !== null && (
        <Figure term={words.events} more={lately && perSecond(lately.eventsPerSecond ?? 0)}>
          {lately && whole(lately.events)}
        </Figure>
      )}
      <Figure term={words.calls} more={lately && perSecond(lately.callsPerSecond)}>
        {lately && whole(lately.calls)}
      </Figure>
      <Figure
        term={words.success}
        more={lately && (lately.calls === 0 ? words.noCall : words.failedCalls(lately.failedCalls))}
        isBad={lately?.successShare != null && lately.successShare < 0.95}
      >
        {lately && share(lately.successShare)}
      </Figure>
      <Figure term={words.delivered} more={lately && <GivenUp number={lately.failed} />}>
        {lately && whole(lately.delivered)}
      </Figure>
      <Figure term={words.latency} more={lately && slowest(lately.p95Ms)}>
        {lately && duration(lately.p50Ms)}
      </Figure>
    </dl>
  );
}

/** How many deliveries failed, and the way to them. */
function GivenUp({ number }: { readonly number: number }) {
  if (number === 0) return words.noneFailed;
  return (
    <Link to="/deliveries" search={{ state: 'failed' }} className={styles.count}>
      {words.failed(number)}
    </Link>
  );
}

function slowest(p95Ms: number | null): string {
  return p95Ms === null ? words.noAnswer : words.p95(duration(p95Ms));
}

interface FigureProps {
  readonly term: string;
  /** Undefined: not known yet. */
  readonly children: ReactNode;
  readonly more: ReactNode;
  readonly isBad?: boolean;
}

function Figure({ term, children, more, isBad = false }: FigureProps) {
  return (
    <div className={styles.figure}>
      <dt>{term}</dt>
      <dd className={styles.number} data-bad={isBad || undefined}>
        {children ?? <Skeleton height="1.6rem" width="5rem" />}
      </dd>
      <dd className={styles.more}>{more ?? <Skeleton height="0.8rem" width="7rem" />}</dd>
    </div>
  );
}

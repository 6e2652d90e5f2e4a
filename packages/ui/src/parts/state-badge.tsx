import type { ReactNode } from 'react';
import styles from './state-badge.module.css';

/** How a state is meant: all is well, look soon, a person is needed, nothing goes on. */
export type Mood = 'good' | 'warn' | 'bad' | 'calm';

interface StateBadgeProps {
  readonly mood: Mood;
  /** The state in words: colour alone tells nobody. */
  readonly children: ReactNode;
}

/** A state in words and colour. */
export function StateBadge({ mood, children }: StateBadgeProps) {
  return (
    <span className={styles.badge} data-mood={mood}>
      {children}
    </span>
  );
}

import type { ReactNode } from 'react';
import styles from './fact-list.module.css';

/** What is known of one thing, each with its name; as many beside each other as there is room for. */
export function FactList({ children }: { readonly children: ReactNode }) {
  return <dl className={styles.facts}>{children}</dl>;
}

interface FactProps {
  readonly name: string;
  readonly children: ReactNode;
  /** Takes a whole line. */
  readonly isWide?: boolean;
}

export function Fact({ name, children, isWide = false }: FactProps) {
  return (
    <div className={styles.fact} data-wide={isWide || undefined}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

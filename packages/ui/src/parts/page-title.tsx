import { Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { texts } from '../texts/texts.ts';
import styles from './page-title.module.css';

interface PageTitleProps {
  readonly title: string;
  /** A link to the list that the page is of. */
  readonly back?: ReactNode;
  /** What this page is for, in a sentence. */
  readonly lead?: string;
  /** What can be done here, at the right. */
  readonly children?: ReactNode;
}

/** The heading of a page, also in the title of the window. */
export function PageTitle({ title, back, lead, children }: PageTitleProps) {
  useEffect(() => {
    document.title = `${title} · ${texts.frame.product}`;
  }, [title]);
  return (
    <div className={styles.title}>
      <div>
        {back !== undefined && <div className={styles.back}>{back}</div>}
        <Title order={1} size="h2">
          {title}
        </Title>
        {lead !== undefined && <Text c="dimmed">{lead}</Text>}
      </div>
      {children}
    </div>
  );
}

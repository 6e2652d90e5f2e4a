import { Paper, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import styles from './section.module.css';

interface SectionProps {
  readonly title: string;
  readonly lead?: string;
  /** What can be done here, at the right. */
  readonly action?: ReactNode;
  readonly children?: ReactNode;
}

/** One matter of a page that has several, with a heading of its own. */
export function Section({ title, lead, action, children }: SectionProps) {
  const id = useId();
  return (
    <Paper component="section" withBorder className={styles.section} aria-labelledby={id}>
      <div className={styles.head}>
        <div>
          <Title order={2} size="h4" id={id}>
            {title}
          </Title>
          {lead !== undefined && (
            <Text size="sm" c="dimmed">
              {lead}
            </Text>
          )}
        </div>
        {action}
      </div>
      {children}
    </Paper>
  );
}

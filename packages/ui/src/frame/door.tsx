import { Paper, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { Gone } from './gone.tsx';
import { Wordmark } from './wordmark.tsx';
import { texts } from '../texts/texts.ts';
import styles from './door.module.css';

interface DoorProps {
  readonly title: string;
  readonly lead?: string;
  readonly children: ReactNode;
}

/** What stands around a page where the frame cannot: nobody is signed in, or nothing works. */
export function Door({ title, lead, children }: DoorProps) {
  useEffect(() => {
    document.title = `${title} · ${texts.frame.product}`;
  }, [title]);
  return (
    <main className={styles.door}>
      <Wordmark />
      <Paper className={styles.card} withBorder p="xl">
        <Gone />
        <Title order={1} size="h3">
          {title}
        </Title>
        {lead !== undefined && <Text c="dimmed">{lead}</Text>}
        {children}
      </Paper>
    </main>
  );
}

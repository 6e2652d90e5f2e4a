import { Text } from '@mantine/core';
import { useId } from 'react';
import { CopyButton } from './copy-button.tsx';
import styles from './to-copy.module.css';

interface ToCopyProps {
  /** What it is. */
  readonly label: string;
  readonly text: string;
  /** What to do with it. */
  readonly note: string;
}

/** A key or a link: in full, and easy to copy. */
export function ToCopy({ label, text, note }: ToCopyProps) {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id}>
      <Text id={id} fw={500} size="sm">
        {label}
      </Text>
      <div className={styles.box}>
        <code className={styles.text}>{text}</code>
        <CopyButton text={text} />
      </div>
      <Text size="sm" c="dimmed">
        {note}
      </Text>
    </div>
  );
}

import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect } from 'react';
import { texts } from '../texts/texts.ts';

interface CopyButtonProps {
  readonly text: string;
  /** Default: "Copy". */
  readonly label?: string;
  /** Default: small, to stand within a line. */
  readonly size?: 'compact-xs' | 'sm';
}

/** Puts a text into the clipboard, and says so. */
export function CopyButton({
  text,
  label = texts.parts.copy,
  size = 'compact-xs',
}: CopyButtonProps) {
  const { copy, copied, error } = useClipboard();
  useEffect(() => {
    // Without https, or not allowed.
    if (error !== null) notifications.show({ color: 'red', message: texts.parts.copyFailed });
  }, [error]);
  return (
    <Button
      variant="subtle"
      size={size}
      leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
      onClick={() => copy(text)}
    >
      <span aria-live="polite">{copied ? texts.parts.copied : label}</span>
    </Button>
  );
}

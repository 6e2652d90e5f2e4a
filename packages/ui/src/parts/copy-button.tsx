import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { texts } from '../texts/texts.ts';

/** How long it says that it has copied. */
const TOLD_MS = 2000;

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
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), TOLD_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      // Without https, or not allowed.
      notifications.show({ color: 'red', message: texts.parts.copyFailed });
    }
  };
  return (
    <Button
      variant="subtle"
      size={size}
      leftSection={isCopied ? <IconCheck size={14} /> : <IconCopy size={14} />}
      onClick={() => void copy()}
    >
      <span aria-live="polite">{isCopied ? texts.parts.copied : label}</span>
    </Button>
  );
}

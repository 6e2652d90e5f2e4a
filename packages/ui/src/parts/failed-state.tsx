import { Button } from '@mantine/core';
import { sentenceOf } from '../api/problems.ts';
import { texts } from '../texts/texts.ts';
import { EmptyState } from './empty-state.tsx';

interface FailedStateProps {
  readonly error: unknown;
  readonly onAgain: () => void;
}

/** Where something could not be read. */
export function FailedState({ error, onAgain }: FailedStateProps) {
  return (
    <EmptyState
      title={texts.problems.title}
      action={<Button onClick={onAgain}>{texts.problems.again}</Button>}
    >
      {sentenceOf(error)}
    </EmptyState>
  );
}

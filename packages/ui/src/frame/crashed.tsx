import { Button } from '@mantine/core';
import { PosthornError } from '@posthorn/sdk';
import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { useEffect, useEffectEvent } from 'react';
import { isGone, sentenceOf } from '../api/problems.ts';
import { reachable } from '../api/reachable.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { texts } from '../texts/texts.ts';
import { Door } from './door.tsx';

/** Stands where a page could not be shown; goes away by itself when the service is back. */
export function Crashed({ error, reset }: ErrorComponentProps) {
  const again = useAgain(error, reset);
  return (
    <EmptyState
      isPage
      title={titleOf(error)}
      action={<Button onClick={again}>{texts.frame.again}</Button>}
    >
      {sentenceOf(error)}
    </EmptyState>
  );
}

/** The same where the frame could not be shown either. */
export function CrashedOutside({ error, reset }: ErrorComponentProps) {
  const again = useAgain(error, reset);
  return (
    <Door title={titleOf(error)} lead={sentenceOf(error)}>
      <Button onClick={again}>{texts.frame.again}</Button>
    </Door>
  );
}

function useAgain(error: unknown, reset: () => void): () => void {
  const router = useRouter();
  const { reset: resetQueries } = useQueryErrorResetBoundary();
  const again = () => {
    resetQueries();
    reset();
    void router.invalidate();
  };
  const onChange = useEffectEvent(again);
  const waitsForService = isGone(error);
  useEffect(
    () => (waitsForService ? reachable.subscribe(() => onChange()) : undefined),
    [waitsForService],
  );
  return again;
}

function titleOf(error: unknown): string {
  if (isGone(error)) return texts.frame.goneTitle;
  return error instanceof PosthornError ? texts.problems.title : texts.frame.crashedTitle;
}

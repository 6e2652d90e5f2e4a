import type { Scope } from '@posthorn/sdk';
import { useSuspenseQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { may, sessionQuery } from '../queries/session.ts';
import { EmptyState } from './empty-state.tsx';

interface OnlyForProps {
  readonly scope: Scope;
  /** What those see who lack it. */
  readonly title: string;
  readonly words: string;
  readonly children: ReactNode;
}

/** A page for those who may do this; the service decides by itself, this only says it in time. */
export function OnlyFor({ scope, title, words, children }: OnlyForProps) {
  const { data: session } = useSuspenseQuery(sessionQuery);
  if (may(session, scope)) return children;
  return (
    <EmptyState title={title} isPage>
      {words}
    </EmptyState>
  );
}

import type { Scope } from '@posthorn/sdk';
import type { ReactNode } from 'react';
import { useMay } from '../queries/session.ts';
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
  if (useMay(scope)) return children;
  return (
    <EmptyState title={title} isPage>
      {words}
    </EmptyState>
  );
}

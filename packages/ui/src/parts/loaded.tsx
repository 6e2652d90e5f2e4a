import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { FailedState } from './failed-state.tsx';
import { LoadingRows } from './loading-rows.tsx';

interface LoadedProps<Data> {
  readonly query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'refetch'>;
  /** Skeletons until it was read. */
  readonly rows?: number;
  readonly children: (data: Data) => ReactNode;
}

/** What was read; until then where it will be, or why it could not be. */
export function Loaded<Data>({ query, rows, children }: LoadedProps<Data>) {
  const { data, error, refetch } = query;
  if (data !== undefined) return children(data);
  if (error !== null) return <FailedState error={error} onAgain={() => void refetch()} />;
  return <LoadingRows rows={rows} />;
}

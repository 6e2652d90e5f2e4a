import { queryOptions } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';

/** Every action of the catalogue; it changes with the version of the service only. */
export const actionsQuery = queryOptions({
  queryKey: ['actions'],
  queryFn: ({ signal }) => posthorn.actions.list({ signal }),
  staleTime: Infinity,
});

/** One action with its schema and sample, by name or value. */
export const actionQuery = (action: string) =>
  queryOptions({
    queryKey: ['actions', action],
    queryFn: ({ signal }) => posthorn.actions.get(action, { signal }),
    staleTime: Infinity,
  });

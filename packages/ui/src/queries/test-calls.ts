import { queryOptions } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';
import { isNotFound } from '../api/problems.ts';

/** Between two looks for the answer of a receiver that somebody waits for. */
const LOOK_MS = 400;

/** A test that was sent, asked for until its first call was made; null: it is no longer kept. */
export const testCallQuery = (delivery: string) =>
  queryOptions({
    queryKey: ['test-calls', delivery],
    async queryFn({ signal }) {
      try {
        return await posthorn.deliveries.get(delivery, { signal });
      } catch (error) {
        if (isNotFound(error)) return null;
        throw error;
      }
    },
    refetchInterval: ({ state: { data } }) =>
      data === null || (data !== undefined && data.attemptLog.length > 0) ? false : LOOK_MS,
  });

import { queryOptions } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';

/** More than anybody would choose from a list. */
const MOST = 1000;

/** The apps, in the order of their numbers; for operators. */
export const appsQuery = queryOptions({
  queryKey: ['apps'],
  queryFn: ({ signal }) => posthorn.apps.list({ pageSize: 500, signal }).take(MOST),
});

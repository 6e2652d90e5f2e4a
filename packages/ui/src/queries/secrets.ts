import { queryOptions } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';

/** More secrets than anybody could have typed. */
const MOST = 2000;

/** The scopes that have a shared secret, as far as one manages them. */
export const secretsQuery = queryOptions({
  queryKey: ['secrets'],
  queryFn: ({ signal }) => posthorn.secrets.list({ pageSize: 500, signal }).take(MOST),
});

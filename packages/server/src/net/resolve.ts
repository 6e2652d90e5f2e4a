import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { DnsFailure } from './failures.ts';

export type Resolve = (hostname: string) => Promise<readonly string[]>;

/**
 * Resolves a name to all its addresses, A and AAAA, in the order of the answer. Rejects with
 * `DnsFailure`.
 *
 * Connections to one name that open at the same time share one lookup, and nothing is kept after
 * it has answered, so every answer is judged by every connection that uses it. The sharing is a
 * wall: `getaddrinfo` cannot be cancelled and libuv gives it few threads, so a name whose server
 * never answers would otherwise hold one thread per attempt; so it holds one.
 */
export function createResolve(lookup: LookupFunction = systemLookup): Resolve {
  const underway = new Map<string, Promise<readonly string[]>>();

  return (hostname) => {
    const shared = underway.get(hostname);
    if (shared !== undefined) return shared;
    const answer = lookUpAll(lookup, hostname).finally(() => underway.delete(hostname));
    underway.set(hostname, answer);
    // A connection that gave up at its deadline no longer listens; that is not an unhandled error.
    answer.catch(() => undefined);
    return answer;
  };
}

function lookUpAll(lookup: LookupFunction, hostname: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    lookup(hostname, { all: true, order: 'verbatim' }, (error, answer) => {
      if (error !== null) {
        reject(
          new DnsFailure(error.code ?? 'ENOTFOUND', `the name does not resolve (${error.code})`, {
            cause: error,
          }),
        );
        return;
      }
      const addresses =
        typeof answer === 'string' ? [answer] : answer.map(({ address }) => address);
      if (addresses.length === 0) {
        reject(new DnsFailure('ENODATA', 'the name has no addresses'));
        return;
      }
      resolve(addresses);
    });
  });
}

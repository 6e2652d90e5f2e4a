import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { performance } from 'node:perf_hooks';
import { DnsFailure } from './failures.ts';
import { createTurns } from './turns.ts';

export type Resolve = (hostname: string) => Promise<readonly string[]>;

/**
 * What `getaddrinfo` does at once: libuv gives it half of its threads, of which the service has 32.
 * A lookup cannot be cancelled, and a name whose server is silent holds its thread for 10 s or more.
 */
const MAX_LOOKUPS = 16;
/** Of these, for names of which nothing is known yet. */
const MAX_NEW = 8;
/** And for those that took long the last time. */
const MAX_SLOW = 3;
/** Resolvers answer within a tenth of it, unless a name's own servers are far, or silent. */
const SLOW_MS = 500;
/** Names whose manner is remembered: more than a busy node has webhooks; about 1 MB. */
const MAX_REMEMBERED = 10_000;

/**
 * Resolves a name to all its addresses, A and AAAA, in the order of the answer. Rejects with
 * `DnsFailure`.
 *
 * Connections to one name that open at the same time share one lookup, and no answer is kept, so
 * every answer is judged by every connection that uses it.
 *
 * It is a wall between names. A name has at most one lookup under way; those that were slow the last
 * time, and those that are new, wait for a place among few. So whoever owns many silent names cannot
 * take the threads that the names of others need: these have at least three.
 *
 * @param now Milliseconds since whenever.
 */
export function createResolve(
  lookup: LookupFunction = systemLookup,
  now: () => number = () => performance.now(),
): Resolve {
  const underway = new Map<string, Promise<readonly string[]>>();
  const manners = new Map<string, 'quick' | 'slow'>();
  const turnsOfNew = createTurns(MAX_NEW);
  const turnsOfSlow = createTurns(MAX_SLOW);
  let running = 0;

  return (hostname) => {
    const shared = underway.get(hostname);
    if (shared !== undefined) return shared;
    const answer = inTurn(hostname).finally(() => underway.delete(hostname));
    underway.set(hostname, answer);
    // A connection that gave up at its deadline no longer listens; that is not an unhandled error.
    answer.catch(() => undefined);
    return answer;
  };

  function inTurn(hostname: string): Promise<readonly string[]> {
    const run = () => watched(hostname);
    switch (manners.get(hostname)) {
      case 'quick':
        return run();
      case 'slow':
        return turnsOfSlow(run);
      case undefined:
        return turnsOfNew(run);
    }
  }

  async function watched(hostname: string): Promise<readonly string[]> {
    const startedAt = now();
    running++;
    // Else it waits for a thread, which says nothing of the name.
    const hasThread = running <= MAX_LOOKUPS;
    try {
      return await lookUpAll(lookup, hostname);
    } finally {
      running--;
      const isQuick = now() - startedAt < SLOW_MS;
      if (isQuick || hasThread) remember(hostname, isQuick ? 'quick' : 'slow');
    }
  }

  function remember(hostname: string, manner: 'quick' | 'slow'): void {
    const [oldest] = manners.size < MAX_REMEMBERED ? [] : manners.keys();
    if (oldest !== undefined) manners.delete(oldest);
    manners.set(hostname, manner);
  }
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

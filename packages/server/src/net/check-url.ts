import { isIP } from 'node:net';
import type { Guard, Refusal } from './guard.ts';
import type { Resolve } from './resolve.ts';
import { targetOf } from './target.ts';

/** What is known of a URL at the moment when somebody sets or tests it. */
export type UrlCheck =
  /** `isResolved` is false when the name has no answer yet, or none in time. */
  | { readonly ok: true; readonly isResolved: boolean }
  | { readonly ok: false; readonly refusal: Refusal };

/** Never throws, and takes little longer than its deadline. */
export type CheckUrl = (raw: string) => Promise<UrlCheck>;

interface CheckUrlOptions {
  readonly guard: Guard;
  readonly resolve: Resolve;
  /** How long the person waits for the name. */
  readonly timeoutMs: number;
}

/**
 * Names that are looked up at once for people. libuv looks up four at a time for the whole
 * process, and a name whose server is silent holds its place for as long as the system asks on:
 * the calls keep half of them.
 */
const MAX_LOOKUPS = 2;

/**
 * Judges a URL as every connection to it is judged: its text, and all addresses behind its name.
 * A name that does not resolve is let pass, because receivers are often set up after their webhook;
 * so is one that is asked for while too many others are. Nothing depends on it: each connection
 * resolves and judges anew. What this is for is to tell a person at once.
 */
export function createCheckUrl({ guard, resolve, timeoutMs }: CheckUrlOptions): CheckUrl {
  let lookups = 0;

  return async (raw) => {
    const verdict = guard.judgeUrl(raw);
    if (!verdict.ok) return verdict;
    const target = targetOf(verdict.url);
    if (isIP(target.hostname) !== 0) return { ok: true, isResolved: true };
    const addresses = await resolveInTime(target.hostname);
    if (addresses === null) return { ok: true, isResolved: false };
    const answers = guard.judgeAnswers(target, addresses);
    return answers.ok ? { ok: true, isResolved: true } : answers;
  };

  async function resolveInTime(hostname: string): Promise<readonly string[] | null> {
    if (lookups >= MAX_LOOKUPS) return null;
    lookups++;
    const answer = resolve(hostname)
      .catch(() => null)
      .finally(() => lookups--);
    const { promise: late, resolve: giveUp } = Promise.withResolvers<null>();
    const deadline = setTimeout(giveUp, timeoutMs, null);
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(deadline);
    }
  }
}

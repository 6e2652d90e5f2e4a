import type { Guard } from '../net/guard.ts';

/** Where a call goes, in undici's words. */
export interface Target {
  /** As `URL.origin` spells it. */
  readonly origin: string;
  /** Another spelling of the same origin: undici keeps a pool of its own for it. */
  readonly freshOrigin: string;
  /** Path and query. */
  readonly path: string;
}

export type TargetVerdict =
  { readonly ok: true; readonly target: Target } | { readonly ok: false; readonly reason: string };

/** Far more than the webhooks that are busy at one time; past it the oldest goes. */
const MAX_KEPT_TARGETS = 10_000;

/**
 * Reads URLs as the guard lets them be read. What passed once is kept (parsing and judging cost
 * several microseconds): the guard's judgement of the text of a URL depends on nothing else, and
 * where a name leads is judged anew for every connection.
 */
export function createTargets(guard: Guard): (url: string) => TargetVerdict {
  const kept = new Map<string, TargetVerdict>();

  return (url) => {
    const known = kept.get(url);
    if (known !== undefined) return known;

    const verdict = guard.judgeUrl(url);
    if (!verdict.ok) return { ok: false, reason: verdict.refusal.reason };

    const { origin, pathname, search } = verdict.url;
    const target = { origin, freshOrigin: `${origin}/`, path: pathname + search };
    if (kept.size >= MAX_KEPT_TARGETS) {
      const [oldest] = kept.keys();
      if (oldest !== undefined) kept.delete(oldest);
    }
    const read = { ok: true, target } as const;
    kept.set(url, read);
    return read;
  };
}

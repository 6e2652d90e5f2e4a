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

/**
 * Reads URLs as the guard lets them be read, which is asked each time and remembers. What it gave is
 * read once (two texts cost as much as a judgement), and where a name leads is judged anew for
 * every connection.
 */
export function createTargets(guard: Pick<Guard, 'judgeUrl'>): (url: string) => TargetVerdict {
  const read = new WeakMap<Readonly<URL>, TargetVerdict>();

  return (text) => {
    const verdict = guard.judgeUrl(text);
    if (!verdict.ok) return { ok: false, reason: verdict.refusal.reason };
    const known = read.get(verdict.url);
    if (known !== undefined) return known;

    const { origin, pathname, search } = verdict.url;
    const target = { origin, freshOrigin: `${origin}/`, path: pathname + search };
    const fine = { ok: true, target } as const;
    read.set(verdict.url, fine);
    return fine;
  };
}

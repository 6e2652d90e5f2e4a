import type { Random } from '../../crash/random.ts';
import type { WebhookPlan } from '../scene.ts';

/** A space as most are: receivers that answer at once, slowly, or only at the second call. */
export const WEBHOOKS: readonly WebhookPlan[] = [
  { name: 'steady', location: 1 },
  { name: 'second', location: 1 },
  { name: 'flaky', location: 2, behaviour: { kind: 'flaky', oneIn: 5 } },
  { name: 'slow', location: 3, behaviour: { kind: 'ok', delayMs: 60 } },
];

/** Mostly where receivers answer at once; the slow one can take 160 calls a second, not more. */
const PLACES = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3];

/** Where the next event happens. */
export function anyPlace(random: Random): () => number {
  return () => random.pick(PLACES);
}

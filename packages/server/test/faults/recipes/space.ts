import type { Random } from '../../crash/random.ts';
import type { WebhookPlan } from '../scene.ts';

/** A space as most are: receivers that answer at once, slowly, or only at the second call. */
export const WEBHOOKS: readonly WebhookPlan[] = [
  { name: 'steady', location: 1 },
  { name: 'second', location: 1 },
  { name: 'flaky', location: 2, behaviour: { kind: 'flaky', oneIn: 5 } },
  { name: 'slow', location: 3, behaviour: { kind: 'ok', delayMs: 60 } },
];

/** Where the next event happens: mostly where receivers answer at once. */
export function anyPlace(random: Random): () => number {
  return () => random.pick([1, 1, 2, 3]);
}

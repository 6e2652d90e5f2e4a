import type { Started } from '../start.ts';
import type { Report } from './reports.ts';
import { type Script, SECRET } from './receivers.ts';

/** A webhook of the crash tests and the receiver behind it. */
export interface Subscription extends Script {
  readonly actions: readonly string[];
  readonly location?: number;
}

/** One webhook that gets everything, one that has to try again, a slow one, and one of both kinds. */
export const SUBSCRIPTIONS: readonly Subscription[] = [
  { name: 'steady', actions: ['*'] },
  { name: 'flaky', actions: ['BookingCreate'], isFlaky: true },
  { name: 'slow', actions: ['CoworkerCreate'], location: 2, delayMs: 60 },
  { name: 'both', actions: ['CoworkerInvoicePaid'], location: 3, isFlaky: true, delayMs: 15 },
];

export function subscriptionsOf({ action, location }: Report): Subscription[] {
  return SUBSCRIPTIONS.filter(
    (subscription) =>
      (subscription.actions.includes('*') || subscription.actions.includes(action)) &&
      (subscription.location === undefined || subscription.location === location),
  );
}

/** Ten re-attempts that fit into a test. */
export const SCHEDULE = '40ms,60ms,80ms,100ms,120ms,140ms,160ms,180ms,200ms,250ms';

/** Sets the secret and creates the webhooks; returns the name of each by its id. */
export async function furnish(
  server: Started,
  subscriptions: readonly Subscription[],
  urlOf: (name: string) => string,
): Promise<Map<number, string>> {
  expectStatus(await server.api('PUT', '/v1/secrets/default', { secret: SECRET }), 200);
  const names = new Map<number, string>();
  for (const { name, actions, location } of subscriptions) {
    const created = await server.api('POST', '/v1/webhooks', {
      name,
      actions,
      url: urlOf(name),
      location: location ?? null,
    });
    expectStatus(created, 201);
    names.set((created.json as { id: number }).id, name);
  }
  return names;
}

function expectStatus({ status, text }: { status: number; text: string }, wanted: number): void {
  if (status !== wanted) throw new Error(`answered ${status} instead of ${wanted}: ${text}`);
}

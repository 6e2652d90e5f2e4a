import { eventually } from '../eventually.ts';
import type { Started } from '../start.ts';

/** A delivery as the API shows it. */
export interface VisibleDelivery {
  readonly id: string;
  readonly event: string;
  readonly webhook: number;
  readonly state: 'due' | 'held' | 'sending' | 'delivered' | 'failed' | 'cancelled';
  readonly attempts: number;
  readonly reason: string | null;
}

export async function listDeliveries(server: Started): Promise<VisibleDelivery[]> {
  return list<VisibleDelivery>(server, '/v1/deliveries?limit=500');
}

export async function listEvents(server: Started): Promise<{ id: string }[]> {
  return list<{ id: string }>(server, '/v1/events?limit=500');
}

/**
 * Resolves with all deliveries when each has ended, and so stays as it is. Webhooks that poison has
 * switched off are switched on again, as people would, so that what they held is sent as well.
 */
export async function waitForEnds(
  server: Started,
  deadlineMs = 60_000,
): Promise<VisibleDelivery[]> {
  return eventually(
    async () => {
      for (const state of ['due', 'sending', 'held']) {
        if (await hasAny(state)) throw new Error(`there are deliveries that are ${state}`);
      }
      const deliveries = await listDeliveries(server);
      const open = deliveries.filter((delivery) => !hasEnded(delivery));
      if (open.length > 0) throw new Error(`not ended: ${JSON.stringify(open.slice(0, 5))}`);
      return deliveries;
    },
    { deadlineMs },
  );

  async function hasAny(state: string): Promise<boolean> {
    const answer = await server.api('GET', `/v1/deliveries?limit=1&state=${state}`);
    const [found] = (answer.json as { items: VisibleDelivery[] }).items;
    if (found?.state === 'held')
      await server.api('PATCH', `/v1/webhooks/${found.webhook}`, { active: true });
    return found !== undefined;
  }
}

function hasEnded({ state }: VisibleDelivery): boolean {
  return state === 'delivered' || state === 'failed' || state === 'cancelled';
}

async function list<T>(server: Started, path: string): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const answer = await server.api('GET', `${path}${cursor && `&cursor=${cursor}`}`);
    const page = answer.json as { items: T[]; cursor: string | null };
    items.push(...page.items);
    cursor = page.cursor;
  }
  return items;
}

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

export async function listDeliveries(server: Started, query = ''): Promise<VisibleDelivery[]> {
  return list<VisibleDelivery>(server, `/v1/deliveries?limit=500${query}`);
}

export async function listEvents(server: Started): Promise<{ id: string }[]> {
  return list<{ id: string }>(server, '/v1/events?limit=500');
}

/**
 * Resolves when nothing is due and nothing is being sent. Webhooks that poison has switched off
 * are switched on again, as people would, so that what they held is sent as well.
 */
export async function waitForQuiet(server: Started, deadlineMs = 60_000): Promise<void> {
  await eventually(
    async () => {
      for (const state of ['due', 'sending']) {
        if (await hasAny(server, state)) return false;
      }
      const webhooks = await list<{ id: number; active: boolean }>(server, '/v1/webhooks?limit=50');
      const off = webhooks.filter((webhook) => !webhook.active);
      for (const { id } of off) await server.api('PATCH', `/v1/webhooks/${id}`, { active: true });
      return off.length === 0;
    },
    { deadlineMs },
  );
}

async function hasAny(server: Started, state: string): Promise<boolean> {
  const answer = await server.api('GET', `/v1/deliveries?limit=1&state=${state}`);
  return (answer.json as { items: unknown[] }).items.length > 0;
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

import type { Client, Delivery, InboxRequest, Webhook } from './client.ts';
import type { House } from './house.ts';

const STATES = ['delivered', 'due', 'sending', 'held', 'failed', 'cancelled'] as const;

/** What came of it all, counted in the service's own log: the lines of a small table. */
export async function summarize(
  client: Client,
  house: House,
  run: { readonly seconds: number; readonly reported: number; readonly expected: number },
): Promise<string[]> {
  const counts = new Map<number, Record<Delivery['state'], number>>();
  let deliveries = 0;
  for await (const { webhook, state } of client.all<Delivery>('/v1/deliveries?limit=500')) {
    const count = counts.get(webhook) ?? noDeliveries();
    count[state] += 1;
    counts.set(webhook, count);
    deliveries += 1;
  }
  const shown = STATES.filter((state) => [...counts.values()].some((count) => count[state] > 0));
  const rows = [];
  const total = noDeliveries();
  for (const { id } of house.webhooks) {
    const { name, state } = await client.get<Webhook>(`/v1/webhooks/${id}`);
    const count = counts.get(id) ?? noDeliveries();
    for (const one of shown) total[one] += count[one];
    rows.push([name, state, ...shown.map((one) => String(count[one]))]);
  }
  rows.push(['all', '', ...shown.map((one) => String(total[one]))]);

  const kept = [];
  for await (const request of client.all<InboxRequest>(
    `/v1/inboxes/${house.inbox.id}/requests?limit=200`,
  )) {
    kept.push(request.signature);
  }
  const valid = kept.filter(
    ({ nexudus, standard }) => nexudus === 'valid' && standard === 'valid',
  ).length;
  const agreement =
    deliveries === run.expected ? ', as the answers said' : `; the answers said ${run.expected}`;
  return [
    `In ${run.seconds} s the front desk reported ${run.reported} events, and ${deliveries} deliveries followed${agreement}.`,
    `The inbox keeps the newest ${kept.length} requests; both signatures are valid on ${valid} of them.`,
    '',
    ...table([['webhook', 'state', ...shown], ...rows]),
  ];
}

function noDeliveries(): Record<Delivery['state'], number> {
  return { delivered: 0, due: 0, sending: 0, held: 0, failed: 0, cancelled: 0 };
}

/** Text to the left in the first two columns, numbers to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('   ')
      .trimEnd(),
  );
}

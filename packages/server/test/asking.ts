import { eventually } from './eventually.ts';
import type { Started } from './start.ts';

/** What tests ask of every server, with the answers as types. */

type Asked = Pick<Started, 'api'>;

export interface WebhookAnswer {
  readonly id: number;
  readonly uniqueId: string;
  readonly name: string;
  readonly actions: readonly string[];
  readonly url: string;
  readonly location: number | null;
  readonly active: boolean;
  readonly state: string;
  readonly disabledAt: string | null;
  readonly disabledReason: string | null;
  readonly failingSince: string | null;
  readonly nextProbeAt: string | null;
  readonly errorCount: number;
  readonly lastError: string | null;
  readonly lastTrigger: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface DeliveryAnswer {
  readonly id: string;
  readonly event: string;
  readonly action: string;
  readonly webhook: number;
  readonly test: boolean;
  readonly state: string;
  readonly attempts: number;
  readonly createdAt: string;
  readonly nextAttemptAt: string | null;
  readonly deliveredAt: string | null;
  readonly endedAt: string | null;
  readonly reason: string | null;
}

export interface AttemptAnswer {
  readonly number: number;
  readonly startedAt: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string;
  };
  readonly response: {
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string;
    readonly encoding: 'utf8' | 'base64';
    readonly truncated: boolean;
  } | null;
  readonly error: {
    readonly code: string;
    readonly detail: string;
    readonly help: string | null;
    readonly certificate: {
      readonly validFrom: string | null;
      readonly validTo: string | null;
    } | null;
  } | null;
  readonly timings: Readonly<Record<string, number | null>>;
}

export interface Notice {
  readonly id: number;
  readonly kind: string;
  readonly webhook: number;
  readonly delivery: string | null;
  readonly detail: string;
}

export async function createWebhook(
  server: Asked,
  input: { readonly url: string } & Readonly<Record<string, unknown>>,
  headers?: Readonly<Record<string, string>>,
): Promise<WebhookAnswer> {
  const answer = await server.api(
    'POST',
    '/v1/webhooks',
    { name: 'In a test', actions: ['*'], ...input },
    headers,
  );
  if (answer.status !== 201) throw new Error(answer.text);
  const { warnings: _, ...webhook } = answer.json as WebhookAnswer & { warnings: unknown };
  return webhook;
}

export async function getWebhook(server: Asked, id: number): Promise<WebhookAnswer> {
  return (await server.api('GET', `/v1/webhooks/${id}`)).json as WebhookAnswer;
}

/** Reports one record (text and bytes as they are) and returns the id of the event. */
export async function report(
  server: Asked,
  action: string,
  record: unknown = { Id: 1 },
  query = '',
): Promise<string> {
  const answer = await server.api('POST', `/v1/events/${action}${query}`, record);
  if (answer.status !== 202) throw new Error(answer.text);
  const [event] = (answer.json as { events: { id: string }[] }).events;
  return event!.id;
}

/** The deliveries of a webhook, newest first. */
export async function deliveriesOf(
  server: Asked,
  webhook: number,
  query = '',
): Promise<DeliveryAnswer[]> {
  const answer = await server.api('GET', `/v1/deliveries?limit=500&webhook=${webhook}${query}`);
  return (answer.json as { items: DeliveryAnswer[] }).items;
}

export async function getDelivery(
  server: Asked,
  id: string,
): Promise<DeliveryAnswer & { readonly attemptLog: readonly AttemptAnswer[] }> {
  const answer = await server.api('GET', `/v1/deliveries/${id}`);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.json as DeliveryAnswer & { attemptLog: AttemptAnswer[] };
}

/** Waits until all of a webhook's deliveries are in one of these states; at least `count` of them. */
export async function waitForStates(
  server: Asked,
  webhook: number,
  states: readonly string[],
  count = 1,
): Promise<DeliveryAnswer[]> {
  return eventually(async () => {
    const deliveries = await deliveriesOf(server, webhook);
    const open = deliveries.filter(({ state }) => !states.includes(state));
    if (deliveries.length >= count && open.length === 0) return deliveries;
    throw new Error(
      `wanted ${count} ${states.join('/')}, got ${deliveries.map(({ state }) => state).join(', ')}`,
    );
  });
}

export async function noticesOf(server: Asked, webhook: number): Promise<Notice[]> {
  const answer = await server.api('GET', `/v1/notices?webhook=${webhook}`);
  return (answer.json as { items: Notice[] }).items;
}

/**
 * The same work for every peer: two signatures, a POST, and the attempt in a table of PostgreSQL.
 * Faster than most would write it: one buffer signed and sent, and rows that arrive while an
 * insert runs share the next one.
 */
import { createHmac } from 'node:crypto';
import { Agent } from 'undici';
import { type AttemptRow, openAttemptLog } from './attempt-log.ts';

export interface Job {
  readonly url: string;
  /** JSON text. */
  readonly record: string;
}

export interface Sender {
  /** Resolves when the attempt is logged; throws if the receiver does not answer 2xx. */
  send(id: string, job: Job): Promise<void>;
}

export function openSender(postgresUrl: string): Sender {
  const agent = new Agent({ pipelining: 1 });
  const log = openAttemptLog(postgresUrl);
  return {
    async send(id, { url, record }) {
      const attempt = await call(agent, id, url, Buffer.from(`[${record}]`));
      await log.add(attempt);
      if (attempt.status >= 300) throw new Error(`status ${attempt.status}`);
    },
  };
}

async function call(agent: Agent, id: string, url: string, body: Buffer): Promise<AttemptRow> {
  const { origin, pathname } = new URL(url);
  const startedAt = Date.now();
  const began = performance.now();
  const timestamp = String(Math.floor(startedAt / 1000));
  const headers = {
    'content-type': 'application/json',
    'x-nexudus-hook-signature': createHmac('sha256', 'secret')
      .update(body)
      .digest('hex')
      .toUpperCase(),
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${createHmac('sha256', 'secret').update(`${id}.${timestamp}.`).update(body).digest('base64')}`,
  };
  const answer = await agent.request({ origin, path: pathname, method: 'POST', headers, body });
  await answer.body.dump();
  return {
    deliveryId: id,
    startedAt,
    url,
    requestHeaders: JSON.stringify(headers),
    status: answer.statusCode,
    responseHeaders: JSON.stringify(answer.headers),
    totalMs: performance.now() - began,
  };
}

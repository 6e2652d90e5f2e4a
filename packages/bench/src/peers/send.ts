/**
 * The same work for every peer: two signatures, a POST, and the attempt in a table of PostgreSQL.
 * Faster than most would write it: one buffer signed and sent, and rows that arrive while an
 * insert runs share the next one.
 */
import { Agent } from 'undici';
import { signedHeaders } from '../signed-headers.ts';
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
  const headers = signedHeaders(id, startedAt, body);
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

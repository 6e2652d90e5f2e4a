import type { GuardedAgent } from './agent.ts';
import { BlockedAddress } from './failures.ts';
import type { Guard } from './guard.ts';

export interface FetchRequest {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** As much of `fetch` as a library needs that speaks HTTP for us. */
export type GuardedFetch = (url: string, request: FetchRequest) => Promise<Response>;

interface GuardedFetchOptions {
  readonly agent: Pick<GuardedAgent, 'dispatcher'>;
  readonly guard: Pick<Guard, 'judgeUrl'>;
  /** From the first packet to the last byte. */
  readonly timeoutMs: number;
  /** Of the body of an answer. */
  readonly maxBytes: number;
}

/**
 * A `fetch` that goes where webhooks may go and nowhere else: it follows no redirects, and the whole
 * answer is there, in time and not too large, when it resolves. Rejects with `BlockedAddress`,
 * `DnsFailure`, `UntrustedCertificate`, a `TimeoutError` of the platform, or an error of undici or Node; their messages
 * contain addresses and are for the log.
 */
export function createGuardedFetch(options: GuardedFetchOptions): GuardedFetch {
  const { agent, guard, timeoutMs, maxBytes } = options;

  return async (raw, { method, headers, body }) => {
    const verdict = guard.judgeUrl(raw);
    if (!verdict.ok) throw new BlockedAddress(verdict.refusal);
    const { origin, pathname, search } = verdict.url;
    const answer = await agent.dispatcher.request({
      origin,
      path: pathname + search,
      method,
      headers,
      body: body ?? null,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const parts: Buffer[] = [];
    let bytes = 0;
    // Leaving the loop ends the connection.
    for await (const part of answer.body as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > maxBytes) throw new Error(`the answer has more than ${maxBytes} bytes`);
      parts.push(part);
    }
    return new Response(hasNoBody(answer.statusCode) ? null : Buffer.concat(parts), {
      status: answer.statusCode,
      headers: pairsOf(answer.headers),
    });
  };
}

/** The platform takes no body with these, not even an empty one. */
function hasNoBody(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

function pairsOf(headers: NodeJS.Dict<string | string[]>): [string, string][] {
  return Object.entries(headers).flatMap(([name, value = []]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
}

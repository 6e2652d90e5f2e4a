import type { GuardedAgent } from '../net/agent.ts';
import type { Guard } from '../net/guard.ts';
import { Exchange } from './exchange.ts';
import type { AttemptReport } from './outcome.ts';
import { createRequestHeaders, type HeadersInput } from './request-headers.ts';
import type { SignAsymmetric } from './sign-asymmetric.ts';
import { createTargets } from './target.ts';

export interface CallerOptions {
  readonly agent: GuardedAgent;
  readonly guard: Guard;
  /** From the start of a call to the last byte of its answer; 15 s in production. */
  readonly requestTimeoutMs: number;
  /** Epoch milliseconds. */
  readonly clock: { now(): number };
  /** Of Posthorn, for the user-agent. */
  readonly version: string;
  /** Signs every call besides the secrets; default: nothing does. */
  readonly signAsymmetric?: SignAsymmetric | null;
}

export interface CallInput extends HeadersInput {
  readonly url: string;
}

export interface Caller {
  /** Makes one HTTP call. Never rejects: whatever happens is the report's outcome. */
  readonly call: (input: CallInput) => Promise<AttemptReport>;
}

/**
 * Makes calls, any number at a time. Between calls it keeps nothing but the agent's connections.
 *
 * A kept-alive connection may be closed by the receiver at the moment it is used. If it breaks
 * before the first byte of an answer, the call is made once more on a fresh connection, within the
 * same attempt and deadline. (The receiver may have acted on the first: that is promise 2, at least
 * once, and the `webhook-id` is the same.)
 *
 * On the main thread a call costs some 30 us, two signatures of 1 kB (4 us) included.
 */
export function createCaller(options: CallerOptions): Caller {
  const { agent, guard, requestTimeoutMs, clock, version, signAsymmetric = null } = options;
  const headersOf = createRequestHeaders(version, signAsymmetric);
  const targetOf = createTargets(guard);

  return {
    call(input) {
      return new Promise((resolve) => {
        const startedAt = clock.now();
        const exchange = new Exchange({
          agent,
          url: input.url,
          body: input.body,
          requestHeaders: headersOf(input, startedAt),
          startedAt,
          timeoutMs: requestTimeoutMs,
          resolve,
        });
        const target = targetOf(input.url);
        if (target.ok) exchange.start(target.target);
        else exchange.refuse(target.reason);
      });
    },
  };
}

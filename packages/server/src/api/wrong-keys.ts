import { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Keys } from '../settings/keys.ts';
import { tokenOf } from './authorize.ts';
import { AppError } from './problem.ts';

const WINDOW_MS = 60_000;

interface WrongKeysNeeds {
  readonly keys: Keys;
  /** Guesses from one address (IPv6: one /64) that are answered 401 in a minute; 0: all. */
  readonly perMinute: number;
}

/**
 * Answers guessing with 429 before a body is read. Only wrong keys count, and an address that sent
 * too many of them still gets in with a right one: people behind one proxy do not shut each other
 * out. Addresses are counted by @fastify/rate-limit, which forgets all but the last 5,000.
 *
 * While nobody guesses, a request pays for one comparison.
 */
export function limitWrongKeys(app: FastifyInstance, { keys, perMinute }: WrongKeysNeeds): void {
  if (perMinute === 0) return;
  const count = app.createRateLimit({
    max: perMinute,
    timeWindow: WINDOW_MS,
    keyGenerator: ({ ip }) => normalizeIP(ip),
    allowList: [],
  });
  let watchUntil = 0;

  app.addHook('onError', async (request, _reply, error) => {
    const isGuess =
      error instanceof AppError && error.code === 'unauthorized' && tokenOf(request) !== '';
    if (!isGuess) return;
    watchUntil = Date.now() + WINDOW_MS;
    await count(request);
  });

  app.addHook('onRequest', (request, _reply, done) => {
    if (Date.now() < watchUntil) return refuseGuess(request);
    done();
    return undefined;
  });

  async function refuseGuess(request: FastifyRequest): Promise<void> {
    const token = tokenOf(request);
    if (token === '') return;
    const counted = await count(request, { increment: false });
    if (counted.isAllowed || counted.remaining > 0 || keys.authenticate(token) !== null) return;
    throw new AppError(
      'too_many_requests',
      'Too many wrong API keys came from this address.',
      undefined,
      counted.ttlInSeconds,
    );
  }
}

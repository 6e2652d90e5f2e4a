import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { tokenOf } from './authorize.ts';
import { AppError } from './problem.ts';

/** The least that says how long to wait. */
const NO_HEADERS = {
  'x-ratelimit-limit': false,
  'x-ratelimit-remaining': false,
  'x-ratelimit-reset': false,
  'retry-after': false,
};

/**
 * How many requests one API key may make in a second, in this process; 0: any number, and then
 * nothing is counted. Requests without a key are not.
 */
export async function limitKeys(app: FastifyInstance, perSecond: number): Promise<void> {
  await app.register(rateLimit, {
    global: perSecond > 0,
    max: perSecond,
    timeWindow: 1000,
    keyGenerator: tokenOf,
    allowList: (_request, token) => token === '',
    addHeaders: NO_HEADERS,
    addHeadersOnExceeding: NO_HEADERS,
    errorResponseBuilder: () =>
      new AppError(
        'too_many_requests',
        `An API key may make ${perSecond} requests a second here.`,
        undefined,
        1,
      ),
  });
}

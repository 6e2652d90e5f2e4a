import type { FastifyInstance } from 'fastify';
import type { Rates } from '../limits/rates.ts';
import type { Keys } from '../settings/keys.ts';
import { tokenOf } from './authorize.ts';
import { AppError } from './problem.ts';

interface LimitKeysNeeds {
  readonly keys: Pick<Keys, 'authenticate'>;
  /** Requests by the id of their key. */
  readonly rates: Rates;
  /** How many requests one API key may make in a second; 0: any number, and nothing is counted. */
  readonly perSecond: number;
}

/** Answers a key that asks too often with 429. Requests without a key that is good are not counted. */
export function limitKeys(app: FastifyInstance, { keys, rates, perSecond }: LimitKeysNeeds): void {
  if (perSecond === 0) return;
  app.addHook('onRequest', (request, _reply, done) => {
    const token = tokenOf(request);
    const principal = token === '' ? null : keys.authenticate(token);
    if (principal === null || rates.allow(principal.id)) return done();
    const detail = `An API key may make ${perSecond} requests a second here.`;
    return done(new AppError('too_many_requests', detail, undefined, 1));
  });
}

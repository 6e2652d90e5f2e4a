import type { FastifyInstance } from 'fastify';
import type { Rates } from '../limits/rates.ts';
import type { Keys } from '../settings/keys.ts';
import type { Principal } from '../settings/principal.ts';
import { tokenOf } from './authorize.ts';
import { AppError } from './problem.ts';

/** How often one key, or one person, may ask. */
export interface CallerLimit {
  /** Counts a request; throws the 429 if it is one too many. */
  count(principal: Principal): void;
}

interface CallerLimitNeeds {
  /** Requests by who makes them. */
  readonly rates: Rates;
  /** Requests of one caller in a second; 0: any number, and nothing is counted. */
  readonly perSecond: number;
}

export function createCallerLimit({ rates, perSecond }: CallerLimitNeeds): CallerLimit {
  return {
    count({ kind, id }) {
      if (perSecond === 0 || rates.allow(kind === 'person' ? `person ${id}` : id)) return;
      const who = kind === 'person' ? 'A person' : 'An API key';
      const detail = `${who} may make ${perSecond} requests a second here.`;
      throw new AppError('too_many_requests', detail, undefined, 1);
    },
  };
}

/** Counts the requests of keys and sessions. What comes without a good one is not counted. */
export function limitCallers(
  app: FastifyInstance,
  { keys, limit }: { readonly keys: Pick<Keys, 'authenticate'>; readonly limit: CallerLimit },
): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const token = tokenOf(request);
    const principal =
      token === '' ? (request.signedIn?.principal ?? null) : keys.authenticate(token);
    try {
      if (principal) limit.count(principal);
      done();
    } catch (error) {
      done(error as AppError);
    }
  });
}

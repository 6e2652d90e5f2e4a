import type {
  FastifyInstance,
  RawReplyDefaultExpression as RawReply,
  RawRequestDefaultExpression as RawRequest,
} from 'fastify';
import type { Socket } from 'node:net';
import type { Counts } from '../limits/counts.ts';
import type { AccessTokens } from '../people/access-tokens.ts';
import type { Keys } from '../settings/keys.ts';
import { type Addresses, countedAs } from './addresses.ts';
import { tokenOf } from './authorize.ts';
import { AppError, PROBLEMS } from './problem.ts';

interface WrongKeysNeeds {
  readonly keys: Pick<Keys, 'authenticate'>;
  readonly accessTokens: Pick<AccessTokens, 'isOurs'>;
  readonly addresses: Addresses;
  /** Guesses by address, in minutes. */
  readonly guesses: Counts;
  /** Guesses from one address (IPv6: one /64) that are answered 401 in a minute; 0: all. */
  readonly perMinute: number;
}

/** Guesses of one connection that are answered in a turn of the event loop. */
const MOST_AT_ONCE = 4;

const DETAIL = 'Too many wrong API keys came from this address.';

/**
 * Answers guessing with 429 before a body is read. Only wrong keys count, and an address that sent
 * too many of them still gets in with a right one, or with an access token that was made here: people
 * behind one proxy do not shut each other out.
 *
 * A guess beyond the limit is refused before Fastify sees it: that costs a fifth of what its way
 * through hooks and errors did, which is what honest clients notice of a flood. Behind a proxy of
 * ours only Fastify knows who asks, so there the same is done in a hook.
 *
 * While nobody guesses, a request pays for two comparisons.
 */
export function limitWrongKeys(app: FastifyInstance, needs: WrongKeysNeeds): void {
  const { keys, accessTokens, addresses, guesses, perMinute } = needs;
  if (perMinute === 0) return;
  const isGuess = (address: string, token: string) =>
    guesses.of(address) >= perMinute &&
    token !== '' &&
    keys.authenticate(token) === null &&
    !accessTokens.isOurs(token);

  app.addHook('onError', async (request, _reply, error) => {
    if (error instanceof AppError && error.code === 'unauthorized' && tokenOf(request) !== '')
      guesses.add(countedAs(request.ip));
  });

  app.addHook('onRequest', (request, _reply, done) => {
    if (guesses.isEmpty() || !isGuess(countedAs(request.ip), tokenOf(request))) return done();
    return done(new AppError('too_many_requests', DETAIL, undefined, guesses.endsInS()));
  });

  const isTooMany = createIsTooMany();
  const [handle] = app.server.listeners('request') as [
    (request: RawRequest, response: RawReply) => void,
  ];
  app.server.removeListener('request', handle);
  app.server.on('request', (request, response) => {
    if (guesses.isEmpty() || addresses.isProxy(request.socket)) return handle(request, response);
    const { socket } = request;
    // What was read together with the guess that ended the connection.
    if (socket.destroyed) return undefined;
    if (!isGuess(addresses.of(socket), tokenOf(request))) return handle(request, response);
    if (isTooMany(socket)) return socket.destroy();
    return refuse(request, response, guesses.endsInS());
  });
}

/**
 * Tells whether a connection brought too many guesses in this turn of the event loop. Whoever guesses
 * on without waiting for answers has no turn before those who wait; to answer a few costs less than
 * the connection that would come instead.
 */
function createIsTooMany(): (socket: Socket) => boolean {
  const guesses = new Map<Socket, number>();
  return (socket) => {
    if (guesses.size === 0) setImmediate(() => guesses.clear());
    const count = (guesses.get(socket) ?? 0) + 1;
    guesses.set(socket, count);
    return count > MOST_AT_ONCE;
  };
}

const [STATUS, TITLE] = PROBLEMS.too_many_requests;

function refuse({ url }: RawRequest, response: RawReply, retryAfterS: number): void {
  const body = JSON.stringify({
    type: 'about:blank',
    title: TITLE,
    status: STATUS,
    code: 'too_many_requests',
    detail: DETAIL,
    instance: url?.split('?')[0],
  });
  response.writeHead(STATUS, {
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'retry-after': String(retryAfterS),
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

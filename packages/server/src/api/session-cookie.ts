import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config/options.ts';
import { LIFE_MS } from '../people/sessions.ts';
import { AppError } from './problem.ts';

/** The cookie that holds the token of a session. */
export interface SessionCookie {
  /** Null: there is none. */
  read(request: FastifyRequest): string | null;
  write(request: FastifyRequest, reply: FastifyReply, token: string): void;
  clear(request: FastifyRequest, reply: FastifyReply): void;
  /** Throws the 403 if a token would cross a network unencrypted. */
  requireSafeWay(request: FastifyRequest): void;
}

/**
 * `__Host-posthorn` over https. Over plain http, which is for this very machine, browsers take no
 * cookie of such a name, so there it is `posthorn`.
 *
 * A plugin would look at every event; this looks at those that have something to do with people.
 */
export function createSessionCookie({ publicUrl }: Pick<Config, 'publicUrl'>): SessionCookie {
  const isTls = createIsTls(publicUrl);
  const nameFor = (request: FastifyRequest) => (isTls(request) ? '__Host-posthorn' : 'posthorn');

  return {
    read(request) {
      const { cookie } = request.headers;
      if (cookie === undefined) return null;
      return parseCookie(cookie)[nameFor(request)] ?? null;
    },
    write: (request, reply, token) => set(request, reply, token, LIFE_MS / 1000),
    clear: (request, reply) => set(request, reply, '', 0),
    requireSafeWay(request) {
      if (isTls(request) || isLoopback(request.hostname)) return;
      throw new AppError(
        'https_needed',
        'Over a network a session needs https: set POSTHORN_PUBLIC_URL to the https address of the proxy.',
      );
    },
  };

  function set(request: FastifyRequest, reply: FastifyReply, token: string, maxAge: number): void {
    const flags = { path: '/', httpOnly: true, sameSite: 'strict', maxAge } as const;
    const named = { name: nameFor(request), value: token, secure: isTls(request) };
    reply.header('set-cookie', stringifySetCookie({ ...named, ...flags }));
    reply.header('cache-control', 'no-store');
  }
}

/** Whether the browser that asks is on https, as far as we can know. */
export function createIsTls(publicUrl: string | null): (request: FastifyRequest) => boolean {
  return ({ protocol }) => publicUrl?.startsWith('https:') === true || protocol === 'https';
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(hostname);
}

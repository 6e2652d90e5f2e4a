import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PENDING_MS } from '../oidc/pending.ts';
import { createIsTls } from './session-cookie.ts';

/** The cookie that holds a sign-in at the provider until the browser is back. */
export interface OidcCookie {
  /** Null: there is none. It is good for one try, so it goes. */
  take(request: FastifyRequest, reply: FastifyReply): string | null;
  write(request: FastifyRequest, reply: FastifyReply, pending: string): void;
}

/**
 * `Lax`, other than the session's: the browser comes back by a link on a page of the provider, and a
 * strict cookie would stay at home. No other page can read it, or have one of its own put there.
 */
export function createOidcCookie(publicUrl: string | null): OidcCookie {
  const isTls = createIsTls(publicUrl);
  const nameFor = (request: FastifyRequest) =>
    isTls(request) ? '__Host-posthorn-oidc' : 'posthorn-oidc';

  return {
    take(request, reply) {
      const pending = parseCookie(request.headers.cookie ?? '')[nameFor(request)];
      set(request, reply, '', 0);
      return pending || null;
    },
    write: (request, reply, pending) => set(request, reply, pending, PENDING_MS / 1000),
  };

  function set(request: FastifyRequest, reply: FastifyReply, value: string, maxAge: number): void {
    const flags = { path: '/', httpOnly: true, sameSite: 'lax', maxAge } as const;
    const named = { name: nameFor(request), value, secure: isTls(request) };
    reply.header('set-cookie', stringifySetCookie({ ...named, ...flags }));
    reply.header('cache-control', 'no-store');
  }
}

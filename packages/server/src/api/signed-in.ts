import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { FindSession, SignedIn } from '../people/sessions.ts';
import { tokenOf } from './authorize.ts';
import { refuseOtherSites } from './same-site.ts';
import type { SessionCookie } from './session-cookie.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is signed in by the cookie of this request; null: nobody, or it came with an API key. */
    signedIn: SignedIn | null;
  }
}

/** Pages, their scripts and what inboxes get are the same for everybody. */
const FOR_SOMEBODY = /^\/(v1|api)\/|^\/metrics/;

/** Finds whose session a request belongs to. Without a cookie it pays for one comparison. */
export function followSessions(
  app: FastifyInstance,
  needs: {
    readonly cookie: SessionCookie;
    readonly findSession: FindSession;
    readonly publicUrl: string | null;
  },
): void {
  const { cookie, findSession, publicUrl } = needs;
  app.decorateRequest('signedIn', null);
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.headers.cookie === undefined || !FOR_SOMEBODY.test(request.url)) return done();
    return follow(request);
  });

  async function follow(request: FastifyRequest): Promise<void> {
    // A key is sent on purpose; a cookie comes by itself.
    const token = tokenOf(request) === '' ? cookie.read(request) : null;
    if (token === null) return;
    refuseOtherSites(request, { publicUrl, silent: 'refused' });
    request.signedIn = await findSession(token);
  }
}

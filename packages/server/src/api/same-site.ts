import type { FastifyRequest } from 'fastify';
import { AppError } from './problem.ts';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Throws the 403 for a change that a page of another site had a browser ask for. Browsers say where
 * a request comes from; `silent`: what becomes of those who do not. With a cookie it must be said;
 * without one a program may be silent, since it has to show something else.
 */
export function refuseOtherSites(
  request: FastifyRequest,
  { publicUrl, silent }: { publicUrl: string | null; silent: 'refused' | 'served' },
): void {
  if (READING.has(request.method)) return;
  const { 'sec-fetch-site': site, origin } = request.headers;
  if (site !== undefined) {
    if (site === 'same-origin' || site === 'none') return;
  } else if (origin !== undefined) {
    if (origin === publicUrl || URL.parse(origin)?.host === request.host) return;
  } else if (silent === 'served') return;
  throw new AppError(
    'cross_site',
    'With a session only pages of this very server change something.',
  );
}

import type { FastifyRequest } from 'fastify';
import { WINDOW_MS } from '../people/guesses.ts';
import type { People } from '../people/people.ts';
import type { SignedIn } from '../people/sessions.ts';
import { countedAs } from './addresses.ts';
import { AppError } from './problem.ts';

/** Throws the 403 unless somebody who is signed in knows their password: the browser may be left open. */
export async function confirmPassword(
  people: People,
  request: FastifyRequest,
  { who, password, field }: { who: SignedIn; password: string; field: string },
): Promise<void> {
  const confirmed = await people.confirm(who, password, countedAs(request.ip));
  if (confirmed === 'right') return;
  if (confirmed === 'wrong') throw new AppError('wrong_password', `${field}: is not right`, field);
  throw new AppError(
    'too_many_requests',
    'Too many wrong passwords came lately.',
    field,
    WINDOW_MS / 1000,
  );
}

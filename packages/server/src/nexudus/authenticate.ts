import type { FastifyRequest } from 'fastify';
import { countedAs } from '../api/addresses.ts';
import { tokenOf } from '../api/authorize.ts';
import type { ApiNeeds } from '../api/context.ts';
import type { CallerLimit } from '../api/limit-callers.ts';
import { AppError } from '../api/problem.ts';
import type { AccessTokens } from '../people/access-tokens.ts';
import type { CheckPassword } from '../people/remember-passwords.ts';
import { principalOf } from '../people/roles.ts';
import type { Principal } from '../settings/principal.ts';
import { type Basic, createAuthenticateApp } from './authenticate-app.ts';

/** Who makes this request; throws the 401. A cookie counts for nothing here. */
export type Authenticate = (request: FastifyRequest) => Promise<Principal>;

/**
 * As `Bearer` an API key or an access token; as `Basic` the email and password of a person, or what
 * {@link createAuthenticateApp} takes of an app. Clients that know nothing but Basic send an API key as
 * the password, with any name.
 */
export function createAuthenticate(
  needs: Pick<ApiNeeds, 'cookie' | 'keys' | 'secrets'> & {
    readonly accessTokens: AccessTokens;
    readonly checkPassword: CheckPassword;
    /** Counts whoever the server cannot count, since only this layer knows them. */
    readonly limit: CallerLimit;
  },
): Authenticate {
  const { accessTokens, checkPassword, cookie, keys, limit } = needs;
  const authenticateApp = createAuthenticateApp(needs);

  return async function authenticate(request) {
    const basic = basicOf(request);
    const token = tokenOf(request);
    if (basic) return counted(await byBasic(request, basic));
    const principal = token === '' ? null : keys.authenticate(token);
    if (principal) return principal;
    const person = token === '' ? undefined : await accessTokens.find(token);
    if (person) return counted(principalOf(person));
    keys.refused(request.ip);
    throw new AppError(
      'unauthorized',
      token === ''
        ? 'Send `Authorization: Basic` with email and password, or `Bearer` with a token or an API key.'
        : 'This token or API key is not known, it was revoked, or it has expired.',
    );
  };

  function counted(principal: Principal): Principal {
    limit.count(principal);
    return principal;
  }

  async function byBasic(request: FastifyRequest, basic: Basic): Promise<Principal> {
    const known = keys.authenticate(basic.password);
    if (known) return known;
    cookie.requireSafeWay(request);
    return authenticateApp(basic) ?? personOf(request, basic);
  }

  async function personOf({ ip }: FastifyRequest, { name, password }: Basic): Promise<Principal> {
    const found = await checkPassword({
      email: name,
      password,
      address: ip,
      network: countedAs(ip),
    });
    if (!('kind' in found)) return principalOf(found);
    if (found.kind === 'too-many') throw tooManyTries(found.retryAfterS);
    throw new AppError(
      'unauthorized',
      found.kind === 'code-needed'
        ? 'A person with a second factor signs in by /api/token.'
        : 'Email or password are not right, or too many were wrong lately.',
    );
  }
}

/** Too many passwords came from one address. */
export function tooManyTries(retryAfterS: number): AppError {
  const detail = 'Too many tries came from this address.';
  return new AppError('too_many_requests', detail, undefined, retryAfterS);
}

/** Null: the request has none, or one without a password. */
function basicOf({ headers: { authorization } }: FastifyRequest): Basic | null {
  const [, encoded] = /^basic +([\w+/=-]+)$/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return null;
  const [name = '', ...rest] = Buffer.from(encoded, 'base64').toString().split(':');
  const password = rest.join(':');
  // No email has NUL in it, and PostgreSQL takes none.
  return password === '' || name.includes('\0') ? null : { name, password };
}

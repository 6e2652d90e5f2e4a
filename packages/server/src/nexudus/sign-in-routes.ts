import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { countedAs } from '../api/addresses.ts';
import type { ApiNeeds } from '../api/context.ts';
import { ACCESS_LIFE_MS, type AccessTokens, type TokenPair } from '../people/access-tokens.ts';
import type { StoredPerson } from '../store/operations/person-row.ts';
import { type Authenticate, tooManyTries } from './authenticate.ts';
import { date } from './webhook-record.ts';
import { rolesOf } from './roles.ts';

type SignInNeeds = Pick<ApiNeeds, 'cookie' | 'store'> & {
  readonly accessTokens: AccessTokens;
  readonly authenticate: Authenticate;
};

/** A form with an email and a password. */
const MAX_FORM_BYTES = 8192;
const MAX_CLIENT_CHARS = 200;
/** Locations that somebody who sees all of them is told of. */
const MAX_LOCATIONS = 1000;

/** `POST /api/token` (RFC 6749, the password and refresh_token grants) and `GET /api/auth/me`. */
export function signInRoutes(needs: SignInNeeds): FastifyPluginAsync {
  const { accessTokens, authenticate, cookie, store } = needs;

  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      ['application/x-www-form-urlencoded', '*'],
      { parseAs: 'string', bodyLimit: MAX_FORM_BYTES },
      (_request, body, done) => done(null, body),
    );

    app.post('/api/token', async (request, reply) => {
      reply.header('cache-control', 'no-store');
      cookie.requireSafeWay(request);
      // What is no form holds no grant.
      const form = new URLSearchParams(isForm(request) ? (request.body as string) : '');
      if ([...form.values()].some((value) => value.includes('\0')))
        return refuse(reply, 'invalid_request', 'Nothing here has NUL in it.');
      switch (form.get('grant_type')) {
        case 'password':
          return byPassword(request, reply, form);
        case 'refresh_token':
          return byRefreshToken(request, reply, form);
        case null:
        default:
          return refuse(reply, 'unsupported_grant_type');
      }
    });

    app.get('/api/auth/me', async (request) => {
      const principal = await authenticate(request);
      const person =
        principal.kind === 'person'
          ? ((await store.getPerson({ id: Number(principal.id) })) ?? null)
          : null;
      const listed = await store.listLocations({
        after: 0,
        limit: MAX_LOCATIONS,
        bounds: principal,
      });
      return userRecord({
        name: principal.name,
        person,
        businesses: principal.locations ?? listed.map(({ id }) => id),
        names: new Map(listed.map(({ id, name }) => [id, name])),
        isAdmin: principal.isOperator,
        roles: rolesOf(principal),
      });
    });
  };

  async function byPassword(request: FastifyRequest, reply: FastifyReply, form: URLSearchParams) {
    const [email, password] = [form.get('username'), form.get('password')];
    const client = clientOf(request, form, email);
    if (email === null || password === null || client === null)
      return refuse(reply, 'invalid_request', 'username and password are needed.');
    const { ip: address } = request;
    const issued = await accessTokens.issue({
      email,
      password,
      code: form.get('totp') || null,
      address,
      network: countedAs(address),
      client,
    });
    if (!('kind' in issued)) return tokenAnswer(issued);
    if (issued.kind === 'too-many') throw tooManyTries(issued.retryAfterS);
    return refuse(
      reply,
      'invalid_grant',
      issued.kind === 'code-needed'
        ? 'A code of the authenticator is needed as well: totp.'
        : 'The user name, the password or the code is not right, or too many were wrong lately.',
    );
  }

  async function byRefreshToken(
    request: FastifyRequest,
    reply: FastifyReply,
    form: URLSearchParams,
  ) {
    const token = form.get('refresh_token');
    const client = clientOf(request, form, null);
    if (token === null || client === null)
      return refuse(reply, 'invalid_request', 'refresh_token and client_id are needed.');
    const refreshed = await accessTokens.refresh(token, client);
    return refreshed ? tokenAnswer(refreshed) : refuse(reply, 'invalid_grant');
  }
}

function isForm({ headers, body }: FastifyRequest): boolean {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  return type === 'application/x-www-form-urlencoded' && typeof body === 'string';
}

/** What the client calls itself, in a header or a field; else the email. Null: that is no name. */
function clientOf(
  { headers }: FastifyRequest,
  form: URLSearchParams,
  email: string | null,
): string | null {
  const given = headers['client_id'] ?? form.get('client_id');
  const client = given || email?.trim().toLowerCase();
  return typeof client === 'string' && client !== '' && client.length <= MAX_CLIENT_CHARS
    ? client.toLowerCase()
    : null;
}

function tokenAnswer({ access, refresh }: TokenPair) {
  return {
    access_token: access,
    token_type: 'bearer',
    expires_in: ACCESS_LIFE_MS / 1000 - 1,
    refresh_token: refresh,
  };
}

/** An error as RFC 6749 writes it. */
function refuse(reply: FastifyReply, error: string, description?: string) {
  return reply.code(400).send({ error, error_description: description });
}

interface User {
  readonly name: string;
  /** Null: an API key. */
  readonly person: StoredPerson | null;
  readonly businesses: readonly number[];
  readonly names: ReadonlyMap<number, string | null>;
  readonly isAdmin: boolean;
  readonly roles: readonly string[];
}

/** Those properties of a user that mean something here, and `Roles`, which is ours. */
function userRecord({ name, person, businesses, names, isAdmin, roles }: User) {
  const [first = null] = businesses;
  return {
    DefaultBusinessId: first,
    DefaultBusinessName: first === null ? null : (names.get(first) ?? null),
    FullName: name,
    Email: person?.email ?? null,
    Active: true,
    IsAdmin: isAdmin,
    APIAccess: true,
    LastAccess: person?.signedInAt == null ? null : date(person.signedInAt),
    Businesses: businesses,
    Roles: roles,
    Id: person?.id ?? 0,
    CreatedOn: person === null ? null : date(person.createdAt),
    IsNew: false,
    SystemId: null,
    ToStringText: person === null ? name : `${name} - ${person.email}`,
    LocalizationDetails: null,
    CustomFields: null,
  };
}

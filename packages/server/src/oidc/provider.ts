import {
  allowInsecureRequests,
  authorizationCodeGrant,
  AuthorizationResponseError,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  type CustomFetch,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  ResponseBodyError,
  type ServerMetadata,
} from 'openid-client';
import type { GuardedFetch } from '../net/fetch.ts';
import type { Said } from './claims.ts';
import type { Pending } from './pending.ts';

/** What the answer to one sign-in has to fit. */
export type Challenge = Pick<Pending, 'state' | 'nonce' | 'verifier'>;

/**
 * `unavailable`: the provider does not answer, or may not be called. `refused`: it says no, or what
 * it says does not hold. `why` is for the log.
 */
export interface Fault {
  readonly kind: 'unavailable' | 'refused';
  readonly why: string;
}

export interface Provider {
  /** Where a browser is sent to sign in. */
  begin(): Promise<{ readonly kind: 'begun'; url: string; challenge: Challenge } | Fault>;
  /** What the provider says of who came back; `query`: of the address they came back to. */
  finish(
    query: string,
    challenge: Challenge,
  ): Promise<{ readonly kind: 'known'; readonly said: Said } | Fault>;
}

export interface ProviderOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** With spaces between. */
  readonly scopes: string;
  /** Where the provider sends people back to. */
  readonly redirectUri: string;
  readonly fetch: GuardedFetch;
  /** Epoch milliseconds. */
  readonly clock: { now(): number };
}

/** Where its endpoints are changes less often than anything. */
const METADATA_MS = 3_600_000;

/**
 * A provider of OpenID Connect, by the code flow with PKCE, state and nonce. Its metadata is asked
 * for at the first sign-in, not at the start: a provider that is down stops nobody's service.
 */
export function createProvider(options: ProviderOptions): Provider {
  const { issuer, clientId, clientSecret, scopes, redirectUri, clock } = options;
  const extensions: ((configuration: Configuration) => void)[] =
    // oxlint-disable-next-line no-deprecated -- marked to warn; only loopback may be without https
    issuer.startsWith('http:') ? [allowInsecureRequests] : [];
  const fetchFromProvider: CustomFetch = async (url, { method, headers, body }) => {
    const answer = await options
      .fetch(url, { method, headers, ...(body != null && { body: textOf(body) }) })
      .catch((cause: unknown) => {
        throw new Unavailable(`${method} ${url} failed`, { cause });
      });
    if (answer.status >= 500)
      throw new Unavailable(`${method} ${url} was answered ${answer.status}`);
    return answer;
  };
  let found: { readonly at: number; readonly metadata: Promise<ServerMetadata> } | null = null;

  return {
    begin: () =>
      faultless(async () => {
        const challenge = {
          state: randomState(),
          nonce: randomNonce(),
          verifier: randomPKCECodeVerifier(),
        };
        const url = buildAuthorizationUrl(await configure(), {
          redirect_uri: redirectUri,
          scope: scopes,
          state: challenge.state,
          nonce: challenge.nonce,
          code_challenge: await calculatePKCECodeChallenge(challenge.verifier),
          code_challenge_method: 'S256',
        });
        return { kind: 'begun' as const, url: url.href, challenge };
      }),
    finish: (query, { state, nonce, verifier }) =>
      faultless(async () => {
        const configuration = await configure();
        const callback = new URL(redirectUri);
        callback.search = query;
        const tokens = await authorizationCodeGrant(configuration, callback, {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        });
        const claims = tokens.claims()!;
        const said: Said = { issuer: claims.iss, subject: claims.sub, claims: [claims] };
        if (configuration.serverMetadata().userinfo_endpoint === undefined)
          return { kind: 'known' as const, said };
        // Many put email and groups there only.
        const more = await fetchUserInfo(configuration, tokens.access_token, claims.sub);
        return { kind: 'known' as const, said: { ...said, claims: [claims, more] } };
      }),
  };

  /**
   * Anew for each half of a sign-in, and with it the keys of the provider: one that was changed a
   * moment ago is known, and sign-ins are rare enough to ask each time.
   */
  async function configure(): Promise<Configuration> {
    const metadata = await discover();
    const takesPost =
      metadata.token_endpoint_auth_methods_supported?.includes('client_secret_post') === true;
    const authenticate = takesPost
      ? ClientSecretPost(clientSecret)
      : ClientSecretBasic(clientSecret);
    const configuration = new Configuration(metadata, clientId, undefined, authenticate);
    configuration[customFetch] = fetchFromProvider;
    for (const extend of [...extensions, enableNonRepudiationChecks]) extend(configuration);
    return configuration;
  }

  /** Those who ask at once wait for one answer; a failure is not remembered. */
  function discover(): Promise<ServerMetadata> {
    if (found && clock.now() < found.at + METADATA_MS) return found.metadata;
    const metadata = discovery(new URL(issuer), clientId, undefined, undefined, {
      [customFetch]: fetchFromProvider,
      execute: extensions,
    }).then((configuration) => configuration.serverMetadata());
    found = { at: clock.now(), metadata };
    metadata.catch(() => (found = null));
    return metadata;
  }
}

/** The provider cannot be asked. */
class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

async function faultless<T>(ask: () => Promise<T>): Promise<T | Fault> {
  try {
    return await ask();
  } catch (error) {
    const chain = causesOf(error);
    return {
      kind: chain.some((cause) => cause instanceof Unavailable) ? 'unavailable' : 'refused',
      why: chain.map(wordsOf).join(': '),
    };
  }
}

/** The message, and what the provider says by the specification; the rest may hold tokens. */
function wordsOf(error: Error): string {
  const isTold = error instanceof ResponseBodyError || error instanceof AuthorizationResponseError;
  if (!isTold) return error.message;
  return `${error.message} (${error.error}: ${error.error_description ?? ''})`.slice(0, 300);
}

function causesOf(error: unknown): Error[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : [];
}

/** The library sends forms and nothing else. */
function textOf(body: unknown): string {
  if (body instanceof URLSearchParams) return body.toString();
  throw new Error('a body of the provider’s client is no form');
}

import type { Logger } from 'pino';
import type { Config } from '../config/options.ts';
import type { GuardedFetch } from '../net/fetch.ts';
import type { Guesses } from '../people/guesses.ts';
import { newToken } from '../people/token.ts';
import type { SecretBox } from '../settings/secret-box.ts';
import type { StoredPerson } from '../store/operations/person-row.ts';
import type { Store } from '../store/store.ts';
import { type ClaimRules, readClaims } from './claims.ts';
import { openPending, PENDING_MS, sealPending } from './pending.ts';
import type { Fault, Provider } from './provider.ts';

/** Why somebody was not let in; each is told to the page, and none says who is known here. */
export type OidcRefusal =
  | 'provider_unavailable'
  | 'provider_refused'
  /** Too old, from another browser, used before, or never begun. */
  | 'sign_in_expired'
  | 'too_many_requests'
  /** The provider does not vouch for the email. */
  | 'email_unverified'
  /** There is nobody here whom this could be, or they may not sign in so. */
  | 'not_invited'
  /** They have a second factor here: the password and a code are asked for instead. */
  | 'second_factor';

export interface OidcFinishInput {
  /** The query of the address that the provider sent the browser to. */
  readonly query: string;
  /** What the browser brought of the beginning; null: nothing. */
  readonly pending: string | null;
  /** Where it comes from, and the network of that which guesses are counted for. */
  readonly address: string;
  readonly network: string;
}

export interface Oidc {
  /** What people call the provider. */
  readonly name: string;
  /** `pending` goes with the browser. `replaces`: the hash of the token that it has already. */
  begin(
    replaces: string | null,
  ): Promise<
    | { readonly kind: 'begun'; readonly url: string; readonly pending: string }
    | { readonly kind: 'refused'; readonly refusal: OidcRefusal }
  >;
  finish(
    input: OidcFinishInput,
  ): Promise<
    | { readonly kind: 'signed-in'; readonly person: StoredPerson; readonly token: string }
    | { readonly kind: 'refused'; readonly refusal: OidcRefusal }
  >;
}

export interface OidcNeeds {
  readonly config: Config;
  readonly store: Store;
  readonly box: SecretBox;
  readonly fetch: GuardedFetch;
  readonly guesses: Guesses;
  /** The store's time. */
  readonly clock: { now(): number };
  readonly log: Logger;
}

/** Where the provider sends people back to. */
export const CALLBACK_PATH = '/v1/oidc/callback';

/**
 * Sign-in by a provider of OpenID Connect; null if none is configured, and then its library, some
 * 8 MB of memory, is not loaded.
 */
export async function openOidc(needs: OidcNeeds): Promise<Oidc | null> {
  const { config, fetch, clock } = needs;
  const { oidcIssuer, oidcClientId, oidcClientSecret, publicUrl } = config;
  if (!oidcIssuer || !oidcClientId || !oidcClientSecret || !publicUrl) return null;
  const { createProvider } = await import('./provider.ts');
  const provider = createProvider({
    issuer: oidcIssuer,
    clientId: oidcClientId,
    clientSecret: oidcClientSecret,
    scopes: config.oidcScopes,
    redirectUri: new URL(CALLBACK_PATH, publicUrl).href,
    fetch,
    clock,
  });
  const rules = {
    domains: config.oidcDomains,
    groupsClaim: config.oidcGroupsClaim,
    roles: config.oidcRoles,
  };
  return { name: config.oidcName, ...createOidcSignIn({ ...needs, provider, rules }) };
}

function createOidcSignIn(
  needs: OidcNeeds & { readonly provider: Provider; readonly rules: ClaimRules },
): Omit<Oidc, 'name'> {
  const { provider, rules, store, box, guesses, clock, log } = needs;

  return {
    async begin(replaces) {
      const begun = await provider.begin();
      if (begun.kind !== 'begun') return refuse(refusalOf(begun));
      const endsAt = clock.now() + PENDING_MS;
      const pending = sealPending(box, { ...begun.challenge, replaces, endsAt });
      return { kind: 'begun', url: begun.url, pending };
    },

    async finish({ query, pending: sealed, address, network }) {
      const pending = sealed === null ? null : openPending(box, sealed, clock.now());
      // Before anything is asked of anybody.
      if (!pending || pending.state !== new URLSearchParams(query).get('state'))
        return refuse('sign_in_expired');
      if ((await guesses.countAddress(network)).kind !== 'go') return refuse('too_many_requests');

      const known = await provider.finish(query, pending);
      // Nothing was looked at; whoever tries on while the provider is down may use a password.
      if (known.kind === 'unavailable') {
        await guesses.forgiveAddress(network);
        return refuse(refusalOf(known));
      }
      if (known.kind !== 'known') return refuseAudited(refusalOf(known), address);
      const person = readClaims(known.said, rules);
      if (!person) return refuseAudited('not_invited', address);
      const token = newToken();
      const { replaces } = pending;
      const result = await store.signInByProvider({
        ...person,
        tokenHash: token.hash,
        replaces,
        address,
      });
      if (result.kind !== 'signed-in') return refuseAudited(REFUSALS[result.kind], address);
      await guesses.forgiveAddress(network);
      return { kind: 'signed-in', person: result.person, token: token.text };
    },
  };

  async function refuseAudited(reason: OidcRefusal, address: string) {
    await store.noteRefusedSignIn({ address, details: { by: 'oidc', reason } });
    return refuse(reason);
  }

  function refusalOf({ kind, why }: Fault): OidcRefusal {
    log.warn({ why }, 'a sign-in by the provider failed');
    return kind === 'unavailable' ? 'provider_unavailable' : 'provider_refused';
  }
}

const REFUSALS = {
  unknown: 'not_invited',
  unverified: 'email_unverified',
  'second-factor': 'second_factor',
} as const satisfies Record<string, OidcRefusal>;

function refuse(refusal: OidcRefusal): { kind: 'refused'; refusal: OidcRefusal } {
  return { kind: 'refused', refusal };
}

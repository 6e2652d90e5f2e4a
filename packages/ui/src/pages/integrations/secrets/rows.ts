import type { SecretScope, SecretState, Session } from '@posthorn/sdk';

/** The part of a scope before its number. */
export type ScopeKind = 'default' | 'location' | 'app';

const ORDER: readonly ScopeKind[] = ['default', 'location', 'app'];

/**
 * The scopes that are shown: those with a secret, and those that somebody will look for without
 * one: the default, or the locations that one is bound to.
 */
export function rowsOf(
  secrets: readonly SecretState[],
  { locations }: Pick<Session, 'locations'>,
): readonly SecretState[] {
  const always: readonly SecretScope[] =
    locations === null ? ['default'] : locations.map((id) => `location:${id}` as const);
  const missing = always
    .filter((scope) => secrets.every((secret) => secret.scope !== scope))
    .map((scope) => ({ scope, isSet: false, setAt: null, previousUntil: null }));
  return [...missing, ...secrets].toSorted(
    (a, b) => rank(a.scope) - rank(b.scope) || idOf(a) - idOf(b),
  );
}

/** `location:7` is `['location', 7]`. */
export function partsOf(scope: SecretScope): readonly [kind: ScopeKind, id: number] {
  const [kind, id = '0'] = scope.split(':');
  return [kind as ScopeKind, Number(id)];
}

function rank(scope: SecretScope): number {
  return ORDER.indexOf(partsOf(scope)[0]);
}

function idOf({ scope }: SecretState): number {
  return partsOf(scope)[1];
}

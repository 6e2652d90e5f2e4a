import type { RoleRule } from '../config/role-rules.ts';
import { emailOf } from '../people/prove.ts';
import type { ProvidedPerson } from '../store/operations/identities.ts';

type Claims = Readonly<Record<string, unknown>>;

/** What the provider says of somebody. */
export interface Said {
  readonly issuer: string;
  readonly subject: string;
  /** Of the ID token, then of the userinfo endpoint if there is one. */
  readonly claims: readonly Claims[];
}

export interface ClaimRules {
  /** Empty: all. */
  readonly domains: readonly string[];
  readonly groupsClaim: string;
  readonly roles: readonly RoleRule[];
}

/** Null: no email that the provider vouches for is of a domain that may sign in. */
export function readClaims(
  { issuer, subject, claims }: Said,
  rules: ClaimRules,
): ProvidedPerson | null {
  const email = claims.map(verifiedEmail).find((text) => text !== null) ?? null;
  if (rules.domains.length > 0 && !isOf(rules.domains, email)) return null;
  return { issuer, subject, email, name: nameOf(claims, email), role: roleOf(claims, rules) };
}

/** Both are of the same place. Some providers write the truth value as text. */
function verifiedEmail({ email, email_verified: isVerified }: Claims): string | null {
  if (typeof email !== 'string' || (isVerified !== true && isVerified !== 'true')) return null;
  const text = emailOf(email);
  return text.length <= 254 && /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u.test(text) ? text : null;
}

function isOf(domains: readonly string[], email: string | null): boolean {
  return domains.some((domain) => email?.endsWith(`@${domain.toLowerCase()}`));
}

function nameOf(claims: readonly Claims[], email: string | null): string {
  const texts = [
    ...claims.map(({ name }) => name),
    ...claims.map(({ preferred_username: username }) => username),
    email,
  ].filter((text) => typeof text === 'string');
  const lines = texts.map((text) =>
    text
      .replaceAll(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, 200),
  );
  return lines.find((line) => line !== '') ?? 'Somebody';
}

function roleOf(
  claims: readonly Claims[],
  { groupsClaim, roles }: ClaimRules,
): ProvidedPerson['role'] {
  const groups = new Set(claims.flatMap((said) => said[groupsClaim]));
  const rule = roles.find(({ group }) => groups.has(group));
  return rule ? { role: rule.role, locations: rule.locations } : null;
}

import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { StoredKey } from '../store/operations/apps.ts';
import type { Store } from '../store/store.ts';
import { readAnew } from './read-anew.ts';

/** What a key may do. `*` is everything: an operator's. */
export const SCOPES = [
  'events:write',
  'events:read',
  'webhooks:read',
  'webhooks:write',
  'deliveries:read',
  'deliveries:resend',
  'settings:write',
] as const;
export type Scope = (typeof SCOPES)[number];

/** What an app's key may do unless told otherwise: manage its own webhooks and follow their log. */
export const APP_SCOPES: readonly Scope[] = [
  'webhooks:read',
  'webhooks:write',
  'deliveries:read',
  'deliveries:resend',
];

/** Who makes a request. */
export interface Principal {
  /** Names the caller for Idempotency-Keys: `operator` or `app:7`. */
  readonly name: string;
  /** An app sees and changes only what is its own; null: everything. */
  readonly app: number | null;
  readonly scopes: ReadonlySet<string>;
}

export interface Keys {
  /** Constant work for known and unknown keys; about a microsecond. */
  authenticate(token: string): Principal | null;
  /** Makes a key; its text is in this answer and nowhere else. */
  create(input: {
    app: number | null;
    name: string;
    scopes: readonly string[];
  }): Promise<StoredKey & { key: string }>;
  revoke(input: { id: string; app: number }): Promise<boolean>;
  /** Ends all keys of an app here; the store has done so already. */
  forgetApp(app: number): void;
  /**
   * An operator's key, if this store has none yet and none was configured. It is shown before it
   * is kept: a process that dies in between leaves one that is no use, and the next start makes
   * another; the other way round it would leave one that nobody has seen.
   */
  createFirst(show: (key: string) => void): Promise<string | null>;
  /** Reads again what other nodes may have changed. */
  reload(): Promise<void>;
  /** Writes down when keys were last used. */
  writeUse(): Promise<void>;
}

interface KnownKey {
  readonly hash: Buffer;
  readonly principal: Principal;
}

/** API keys: `ph_ID_SECRET`, 256 random bits, of which the store keeps the SHA-256. */
export async function openKeys(store: Store, configured: string | null): Promise<Keys> {
  const operator: Principal = { name: 'operator', app: null, scopes: new Set(['*']) };
  const configuredHash = configured === null ? null : sha256(configured);
  const known = new Map<string, KnownKey>();
  const usedAt = new Map<string, number>();
  let changes = 0;
  await reload();

  return {
    authenticate(token) {
      const digest = sha256(token);
      if (configuredHash && timingSafeEqual(digest, configuredHash)) return operator;
      const id = /^ph_([0-9a-f]{12})_[0-9a-f]{64}$/.exec(token)?.[1] ?? '';
      const key = known.get(id);
      // An unknown id costs the same comparison, and never equals.
      if (!timingSafeEqual(digest, key?.hash ?? NO_HASH) || !key) return null;
      usedAt.set(id, Date.now());
      return key.principal;
    },
    create: (input) => keep(makeKey(), input),
    async revoke(input) {
      const revoked = await store.revokeKey(input);
      changes++;
      if (revoked) known.delete(input.id);
      return revoked;
    },
    forgetApp(app) {
      changes++;
      for (const [id, key] of known) if (key.principal.app === app) known.delete(id);
    },
    async createFirst(show) {
      if (configured !== null) return null;
      if ([...known.values()].some((key) => key.principal.app === null)) return null;
      const made = makeKey();
      show(made.key);
      await keep(made, { app: null, name: 'first', scopes: ['*'] });
      return made.key;
    },
    reload,
    async writeUse() {
      if (usedAt.size === 0) return;
      const written = new Map(usedAt);
      usedAt.clear();
      await store.touchKeys({ usedAt: written });
    },
  };

  async function reload(): Promise<void> {
    const keys = await readAnew(
      () => store.listKeys({}),
      () => changes,
    );
    known.clear();
    for (const key of keys) remember(key, Buffer.from(key.secretHash));
  }

  async function keep(
    { id, key }: MadeKey,
    input: { app: number | null; name: string; scopes: readonly string[] },
  ): Promise<StoredKey & { key: string }> {
    const stored = await store.createKey({ id, ...input, secretHash: sha256(key) });
    changes++;
    remember(stored, sha256(key));
    return { ...stored, key };
  }

  function remember({ id, app, scopes }: StoredKey, secretHash: Buffer): void {
    const name = app === null ? 'operator' : `app:${app}`;
    known.set(id, { hash: secretHash, principal: { name, app, scopes: new Set(scopes) } });
  }
}

interface MadeKey {
  readonly id: string;
  readonly key: string;
}

function makeKey(): MadeKey {
  const id = randomBytes(6).toString('hex');
  return { id, key: `ph_${id}_${randomBytes(32).toString('hex')}` };
}

export function mayDo(principal: Principal, scope: Scope): boolean {
  return principal.scopes.has('*') || principal.scopes.has(scope);
}

function sha256(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}

/** No text has this digest. */
const NO_HASH = Buffer.alloc(32);

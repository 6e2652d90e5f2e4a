import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { isAlmighty } from '../store/almighty.ts';
import { boundsOf, type Owned, UNBOUNDED } from '../store/bounds.ts';
import type { StoredKey } from '../store/operations/keys.ts';
import type { Store } from '../store/store.ts';
import { SYSTEM, type Who } from '../store/who.ts';
import type { Principal, Scope } from './principal.ts';
import { readAnew } from './read-anew.ts';
import { createRefusals } from './refusals.ts';

/** What an app's key may do unless told otherwise: manage its own webhooks and follow their log. */
export const APP_SCOPES: readonly Scope[] = [
  'webhooks:read',
  'webhooks:write',
  'deliveries:read',
  'deliveries:resend',
];

export interface KeyInput extends Owned {
  readonly name: string;
  readonly scopes: readonly string[];
  /** From then on it is not good any more; null: never. */
  readonly expiresAt: number | null;
}

/** A key as it is shown this once. */
export type ShownKey = StoredKey & { readonly key: string };

export interface Keys {
  /** Constant work for known and unknown keys; about a microsecond. */
  authenticate(token: string): Principal | null;
  /** The same for that key of this app of whose id this is true; asked about each, for constant work. */
  authenticateApp(app: number, isRight: (id: string) => boolean): Principal | null;
  /** A call without a key that is known came from there. */
  refused(address: string): void;
  /** Makes a key; its text is in this answer and nowhere else. */
  create(input: KeyInput, by: Who): Promise<ShownKey>;
  /**
   * Makes a successor with the same name, scopes and bounds; the old key ends `overlapMs` from now.
   * `expiresAt` undefined: the successor's is the old one's. Null: not in force, or rotated before.
   */
  rotate(
    input: { id: string; overlapMs: number; expiresAt: number | null | undefined },
    by: Who,
  ): Promise<ShownKey | null>;
  /** `last`: it is the last key that can do everything, and none was configured. */
  revoke(input: { id: string; app?: number }, by: Who): Promise<'revoked' | 'last' | 'unknown'>;
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
  /** Writes down when keys were last used, and who was refused; `isLast`: this moment's as well. */
  writeUse(how?: { isLast: boolean }): Promise<void>;
}

interface KnownKey {
  readonly hash: Buffer;
  readonly principal: Principal;
  readonly expiresAt: number;
}

/** API keys: `ph_ID_SECRET`, 256 random bits, of which the store keeps the SHA-256. */
export async function openKeys(
  store: Store,
  configured: string | null,
  clock: { now(): number },
): Promise<Keys> {
  const configuredHash = configured === null ? null : sha256(configured);
  const known = new Map<string, KnownKey>();
  const usedAt = new Map<string, number>();
  const refusals = createRefusals(store, clock);
  let changes = 0;
  await reload();

  return {
    authenticate(token) {
      const digest = sha256(token);
      if (configuredHash && timingSafeEqual(digest, configuredHash)) return CONFIGURED;
      const id = /^ph_([0-9a-f]{12})_[0-9a-f]{64}$/.exec(token)?.[1] ?? '';
      const key = known.get(id);
      // An unknown id costs the same comparison, and never equals.
      if (!timingSafeEqual(digest, key?.hash ?? NO_HASH) || !key) return null;
      return used(id, key);
    },
    authenticateApp(app, isRight) {
      let found: Principal | null = null;
      for (const [id, key] of known)
        if (key.principal.app === app && isRight(id)) found = used(id, key);
      return found;
    },
    refused: (address) => refusals.count(address),
    create: (input, by) => keep(makeKey(), input, by),
    async rotate(input, by) {
      const { id, key } = makeKey();
      const secretHash = sha256(key);
      const stored = await store.rotateKey({ ...input, successor: { id, secretHash }, by });
      if (!stored) return null;
      changes++;
      remember(stored, secretHash);
      const old = known.get(input.id);
      const endsAt = Math.min(stored.createdAt + input.overlapMs, old?.expiresAt ?? Infinity);
      if (old) known.set(input.id, { ...old, expiresAt: endsAt });
      return { ...stored, key };
    },
    async revoke(input, by) {
      const done = await store.revokeKey({ ...input, keepsLast: configured === null, by });
      changes++;
      if (done === 'revoked') known.delete(input.id);
      return done;
    },
    forgetApp(app) {
      changes++;
      for (const [id, key] of known) if (key.principal.app === app) known.delete(id);
    },
    async createFirst(show) {
      if (configured !== null) return null;
      const present = await store.listKeys({});
      if (present.some((key) => isAlmighty(key))) return null;
      const made = makeKey();
      show(made.key);
      const everything = { app: null, location: null, scopes: ['*'], expiresAt: null };
      await keep(made, { name: 'first', ...everything }, SYSTEM);
      return made.key;
    },
    reload,
    async writeUse({ isLast } = { isLast: false }) {
      await refusals.write({ all: isLast });
      if (usedAt.size === 0) return;
      const written = new Map(usedAt);
      usedAt.clear();
      await store.touchKeys({ usedAt: written });
    },
  };

  /** Null: it is over. */
  function used(id: string, { principal, expiresAt }: KnownKey): Principal | null {
    const now = clock.now();
    if (now >= expiresAt) return null;
    usedAt.set(id, now);
    return principal;
  }

  async function reload(): Promise<void> {
    const keys = await readAnew(
      () => store.listKeys({}),
      () => changes,
    );
    known.clear();
    for (const key of keys) remember(key, Buffer.from(key.secretHash));
  }

  async function keep({ id, key }: MadeKey, input: KeyInput, by: Who): Promise<ShownKey> {
    const secretHash = sha256(key);
    const stored = await store.createKey({ id, ...input, secretHash, by });
    changes++;
    remember(stored, secretHash);
    return { ...stored, key };
  }

  function remember(key: StoredKey, secretHash: Buffer): void {
    const { id, name, app, location, expiresAt } = key;
    known.set(id, {
      hash: secretHash,
      principal: {
        kind: 'key',
        id,
        name,
        caller: callerOf(key),
        ...boundsOf(key),
        scopes: new Set(key.scopes),
        isOperator: app === null && location === null,
      },
      expiresAt: expiresAt ?? Infinity,
    });
  }
}

const CONFIGURED: Principal = {
  kind: 'key',
  id: 'configured',
  name: 'POSTHORN_API_KEY',
  caller: 'operator',
  ...UNBOUNDED,
  scopes: new Set(['*']),
  isOperator: true,
};

function callerOf({ app, location }: Owned): string {
  const who = app === null ? 'operator' : `app:${app}`;
  return location === null ? who : `${who}/location:${location}`;
}

interface MadeKey {
  readonly id: string;
  readonly key: string;
}

function makeKey(): MadeKey {
  const id = randomBytes(6).toString('hex');
  return { id, key: `ph_${id}_${randomBytes(32).toString('hex')}` };
}

function sha256(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}

/** No text has this digest. */
const NO_HASH = Buffer.alloc(32);

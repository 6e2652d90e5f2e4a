import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** Of a new password; long ones need no other rules. */
export const PASSWORD_LENGTH = { min: 12, max: 200 };

/** Work that one hash takes; see RFC 7914. */
interface Cost {
  /** Binary logarithm of N. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** By default a third of a second each: nobody waits for longer than three seconds. */
const WAITING = 16;
/** By default 128 MiB each, and one of the four threads that also read files and resolve names. */
const AT_ONCE = 2;

/** Too many passwords are being hashed: nothing was looked at. */
export class TooManyPasswords extends Error {
  /** Seconds after which there is room again. */
  readonly retryAfterS = 5;

  constructor() {
    super('too many passwords are being hashed');
    this.name = 'TooManyPasswords';
  }
}

export interface Passwords {
  /** `$scrypt$ln=17,r=8,p=1$SALT$HASH`. Rejects with TooManyPasswords. */
  hash(password: string): Promise<string>;
  /**
   * Whether this password was hashed so; null (there is no such hash) takes as long and is false.
   * Rejects with TooManyPasswords.
   */
  verify(password: string, hashed: string | null): Promise<boolean>;
  /** Whether it is hashed with another cost than new ones are. */
  isOutdated(hashed: string): boolean;
}

/**
 * Passwords by scrypt, a few at once. `ln`: binary logarithm of N; OWASP advises 17, with r = 8 and
 * p = 1. The cost is in each hash, so that it can be raised later.
 */
export function createPasswords(ln: number): Passwords {
  const cost: Cost = { ln, r: 8, p: 1 };
  const turn = createTurns();
  const nobody = written(cost, randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));

  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      return written(cost, salt, await turn(() => derive(password, salt, cost)));
    },
    async verify(password, hashed) {
      const { salt, hash, ...taken } = read(hashed ?? nobody);
      const derived = await turn(() => derive(password, salt, taken));
      return timingSafeEqual(derived, hash) && hashed !== null;
    },
    isOutdated(hashed) {
      const taken = read(hashed);
      return taken.ln !== cost.ln || taken.r !== cost.r || taken.p !== cost.p;
    },
  };
}

const SALT_BYTES = 16;
const HASH_BYTES = 32;

function written({ ln, r, p }: Cost, salt: Buffer, hash: Buffer): string {
  return `$scrypt$ln=${ln},r=${r},p=${p}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

function read(hashed: string): Cost & { readonly salt: Buffer; readonly hash: Buffer } {
  const [, ln, r, p, salt, hash] =
    /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w+/=]+)\$([\w+/=]+)$/.exec(hashed) ?? [];
  if (salt === undefined || hash === undefined) throw new Error('a password is hashed otherwise');
  return {
    ln: Number(ln),
    r: Number(r),
    p: Number(p),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}

function derive(password: string, salt: Buffer, { ln, r, p }: Cost): Promise<Buffer> {
  const N = 2 ** ln;
  // The same letters can be written in several ways, and keyboards differ in which they choose.
  const text = password.normalize('NFKC');
  const options = { N, r, p, maxmem: 2 * 128 * N * r };
  return new Promise((resolve, reject) => {
    scrypt(text, salt, HASH_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** Runs what it is given, a few at once, in the order in which it came. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running < AT_ONCE) running++;
    else if (waiting.length >= WAITING) throw new TooManyPasswords();
    else await new Promise<void>((resolve) => void waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}

import { hash, timingSafeEqual } from 'node:crypto';
import type { Keys } from '../settings/keys.ts';
import type { Principal } from '../settings/principal.ts';
import type { Secrets } from '../settings/secrets.ts';
import { readInteger } from './lenient.ts';

/** What comes with a request as `Basic`. */
export interface Basic {
  readonly name: string;
  readonly password: string;
}

/** Who makes a request for an app; null: nobody who is known. */
export type AuthenticateApp = (basic: Basic) => Principal | null;

/**
 * The clients of published apps show the key of the app as their name, and as the password the MD5, in
 * hex, of a token followed by the app's shared secret. Here the app's id is its key, and the tokens are
 * the ids of its API keys: such a client may do what that API key may, and ends with it. A secret that
 * was replaced is good for as long as it signs.
 */
export function createAuthenticateApp({
  keys,
  secrets,
}: {
  readonly keys: Pick<Keys, 'authenticateApp'>;
  readonly secrets: Pick<Secrets, 'reveal'>;
}): AuthenticateApp {
  return ({ name, password }) => {
    const app = readInteger(name);
    if (app === undefined || !/^[0-9a-f]{32}$/i.test(password)) return null;
    const shown = Buffer.from(password, 'hex');
    const shared = secrets.reveal(`app:${app}`);
    return keys.authenticateApp(app, (id) =>
      shared.map((secret) => timingSafeEqual(md5(id + secret), shown)).includes(true),
    );
  };
}

/** Theirs, not our choice: what protects is that nobody knows the secret. */
function md5(text: string): Buffer {
  return hash('md5', text, 'buffer');
}

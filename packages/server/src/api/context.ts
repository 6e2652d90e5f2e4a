import type { Accept } from '../accept/accept.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Config } from '../config/options.ts';
import type { Lanes } from '../lanes/lanes.ts';
import type { Live } from '../live/live.ts';
import type { CheckUrl } from '../net/check-url.ts';
import type { Oidc } from '../oidc/oidc.ts';
import type { People } from '../people/people.ts';
import type { Keys } from '../settings/keys.ts';
import type { Secrets } from '../settings/secrets.ts';
import type { SigningKey } from '../settings/signing-key.ts';
import type { Webhooks } from '../settings/webhooks.ts';
import type { Store } from '../store/store.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { SessionCookie } from './session-cookie.ts';

/** What the routes are made of. Each route file takes the part it needs. */
export interface ApiNeeds {
  readonly config: Config;
  readonly store: Store;
  readonly catalogue: Catalogue;
  readonly checkUrl: CheckUrl;
  /** The store's time. */
  readonly clock: { now(): number };
  readonly accept: Accept;
  readonly lanes: Lanes;
  readonly live: Live;
  readonly keys: Keys;
  readonly people: People;
  /** Null: people sign in by password only. */
  readonly oidc: Oidc | null;
  readonly cookie: SessionCookie;
  readonly secrets: Secrets;
  /** Null: calls are not signed with it. */
  readonly signingKey: SigningKey | null;
  readonly webhooks: Webhooks;
  readonly metrics: Metrics;
  /** Where the service is reached, for the URLs it hands out; known once it listens. */
  readonly ownUrl: () => string;
  /** Of Posthorn. */
  readonly version: string;
}

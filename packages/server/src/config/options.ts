import { decodeKeys, isHostName, isIssuer, isNetwork, isPostgresUrl } from './formats.ts';
import {
  anyText,
  choice,
  duration,
  durations,
  integer,
  list,
  type Option,
  optionalText,
  optionalUrl,
  requiredText,
  roleRules,
} from './kinds.ts';

/** The store in the data folder. */
export const SQLITE_URL = 'sqlite:';

/**
 * Every option of the service: one place that knows its variable, flag, unit, default and range.
 * `docs/configuration.md` is generated from this table.
 */
export const OPTIONS = {
  host: anyText('POSTHORN_HOST', '127.0.0.1', 'Address the service listens on.'),
  port: integer('POSTHORN_PORT', 4665, 0, 65_535, 'Port it listens on; 0 picks a free one.'),
  publicUrl: optionalUrl(
    'POSTHORN_PUBLIC_URL',
    'How people and receivers reach the service, when a proxy stands before it.',
  ),
  dataDir: anyText('POSTHORN_DATA_DIR', './data', 'Folder of the SQLite store and the key file.'),
  databaseUrl: anyText(
    'POSTHORN_DATABASE_URL',
    SQLITE_URL,
    '`sqlite:` keeps the store in the data folder, for one process; `postgres://user:password@host/database` (15 or newer) is shared by any number of nodes.',
    (value) =>
      value === SQLITE_URL || isPostgresUrl(value)
        ? undefined
        : 'must be `sqlite:` or an address like postgres://user:password@host/database',
  ),
  apiKey: optionalText(
    'POSTHORN_API_KEY',
    'An operator API key known beforehand, at least 24 characters, for scripts.',
    (value) =>
      /^[\x21-\x7e]{24,200}$/.test(value)
        ? undefined
        : 'must have 24 to 200 printable characters without spaces',
  ),
  secretKey: optionalText(
    'POSTHORN_SECRET_KEY',
    'Key that encrypts secrets at rest: 32 bytes as 64 hex digits or base64. Without it one is made and kept in the data folder. Required with PostgreSQL, the same on every node. While the key is being changed: several, `new,old`; the first encrypts, all decrypt.',
    (value) =>
      decodeKeys(value)
        ? undefined
        : 'must be 32 bytes as 64 hex digits or base64, several separated by commas',
  ),
  signAsymmetric: choice(
    'POSTHORN_SIGN_ASYMMETRIC',
    'off',
    ['off', 'on'],
    'Whether every call is also signed with the ed25519 key of this installation (`v1a`), which receivers verify with the public key at `/v1/signing-key`. The same on every node.',
  ),
  nexudusApi: choice(
    'POSTHORN_NEXUDUS_API',
    'on',
    ['off', 'on'],
    'Whether clients of the Nexudus REST API are served: `/api/sys/webhooks`, `/api/token` and `/api/auth/me`.',
  ),
  retrySchedule: durations(
    'POSTHORN_RETRY_SCHEDULE',
    '5s,30s,5m,15m,1h,2h,5h,10h,18h,36h',
    'Delays before the re-attempts of a request, 1 to 10 of them.',
  ),
  disableAfter: integer(
    'POSTHORN_DISABLE_AFTER',
    10,
    0,
    11,
    'Consecutive failed calls of one request that switch its webhook off; 0 is never.',
  ),
  requestTimeoutMs: duration(
    'POSTHORN_REQUEST_TIMEOUT',
    '15s',
    '100ms',
    '120s',
    'Deadline of a whole call, from the first packet to the last byte.',
  ),
  connectTimeoutMs: duration(
    'POSTHORN_CONNECT_TIMEOUT',
    '5s',
    '50ms',
    '60s',
    'Deadline of name resolution, connection and TLS handshake together.',
  ),
  allowNetworks: list(
    'POSTHORN_ALLOW_NETWORKS',
    'Networks (CIDR) that webhooks may reach although private, `127.0.0.0/8,10.1.0.0/16`.',
    (value) => (isNetwork(value) ? undefined : 'must be networks like 10.1.0.0/16'),
  ),
  allowHosts: list(
    'POSTHORN_ALLOW_HOSTS',
    'Names of a local network (`hooks.corp`, a single word) that webhooks may call although nobody outside knows them. Their addresses must be public or in an allowed network.',
    (value) => (isHostName(value) ? undefined : 'must be host names like hooks.corp'),
  ),
  trustProxy: list(
    'POSTHORN_TRUST_PROXY',
    'Networks (CIDR) of the proxies before the service: what they say in `X-Forwarded-For` is believed.',
    (value) => (isNetwork(value) ? undefined : 'must be networks like 10.1.0.0/16'),
  ),
  wrongKeys: integer(
    'POSTHORN_WRONG_KEYS',
    60,
    0,
    1_000_000,
    'Wrong API keys from one address that are answered 401 in a minute; further ones get 429. Nodes and workers count together, as of a second ago. 0 is no limit.',
  ),
  keyRequests: integer(
    'POSTHORN_KEY_REQUESTS',
    0,
    0,
    1_000_000,
    'Requests that one API key, or one person who is signed in, may make in a second; further ones get 429. Nodes and workers count together, as of a second ago. 0 is no limit.',
  ),
  addressSockets: integer(
    'POSTHORN_ADDRESS_SOCKETS',
    1000,
    1,
    1_000_000,
    'Connections that one address (IPv6: one /64) may have open at once, in one process; further ones are ended. Those of `POSTHORN_TRUST_PROXY` may have any number.',
  ),
  sockets: integer(
    'POSTHORN_SOCKETS',
    10_000,
    1,
    1_000_000,
    'Connections that all clients together may have open at once, in one process; further ones are ended.',
  ),
  passwordCost: integer(
    'POSTHORN_PASSWORD_COST',
    17,
    14,
    20,
    'Work of hashing a password (scrypt), as a power of two. 17 takes 128 MiB and a third of a second, each step twice as much; two are hashed at once. Hashes of another cost are made anew when people sign in.',
  ),
  oidcIssuer: optionalText(
    'POSTHORN_OIDC_ISSUER',
    'A provider of OpenID Connect by which people sign in, `https://login.example.com/realms/office`. One in a private network has to be allowed as receivers have: `POSTHORN_ALLOW_NETWORKS`, `POSTHORN_ALLOW_HOSTS`.',
    (value) =>
      isIssuer(value)
        ? undefined
        : 'must be an https address without query (http on this very machine)',
  ),
  oidcClientId: optionalText(
    'POSTHORN_OIDC_CLIENT_ID',
    'What the provider calls this service. Where it sends people back to is `POSTHORN_PUBLIC_URL` + `/v1/oidc/callback`.',
    () => undefined,
  ),
  oidcClientSecret: optionalText(
    'POSTHORN_OIDC_CLIENT_SECRET',
    'The secret that goes with the client id.',
    () => undefined,
  ),
  oidcName: anyText(
    'POSTHORN_OIDC_NAME',
    'Single sign-on',
    'What people call the provider: it is on the button.',
  ),
  oidcScopes: anyText(
    'POSTHORN_OIDC_SCOPES',
    'openid email profile',
    'What the provider is asked for; some tell groups only when asked for `groups`.',
    (value) =>
      value.split(' ').includes('openid') ? undefined : 'must contain openid, with spaces between',
  ),
  oidcDomains: list(
    'POSTHORN_OIDC_DOMAINS',
    'Domains of the emails that may sign in by the provider, `example.com`; none is all.',
    (value) => (isHostName(value) ? undefined : 'must be domains like example.com'),
  ),
  oidcGroupsClaim: anyText(
    'POSTHORN_OIDC_GROUPS_CLAIM',
    'groups',
    'The claim in which the provider lists the groups of a person.',
  ),
  oidcRoles: roleRules(
    'POSTHORN_OIDC_ROLES',
    'Roles for the members of groups at the provider, `admins=operator,front-desk=manager@7+9,staff=viewer`: the first that fits counts, and `@` names locations. Whoever is in one of them need not be added by an operator.',
  ),
  maxRecordBytes: integer(
    'POSTHORN_MAX_RECORD_BYTES',
    262_144,
    1024,
    8_388_608,
    'Largest record accepted, in bytes.',
  ),
  laneConcurrency: integer(
    'POSTHORN_LANE_CONCURRENCY',
    10,
    1,
    1000,
    'Calls under way at once to one webhook, of all nodes together, unless the webhook says otherwise. Each node has its share, and at least one.',
  ),
  maxCalls: integer(
    'POSTHORN_MAX_CALLS',
    2000,
    1,
    20_000,
    'Calls under way at once in a process, shared fairly between locations, then between their webhooks. An eighth is kept for locations that make few.',
  ),
  workers: integer(
    'POSTHORN_WORKERS',
    1,
    1,
    64,
    'Processes of this service, one per core to use, on PostgreSQL. With SQLite it is one.',
  ),
  retentionMs: duration(
    'POSTHORN_RETENTION',
    '30d',
    '1h',
    '3650d',
    'How long events with their deliveries and attempts are kept once final.',
  ),
  auditRetentionMs: duration(
    'POSTHORN_AUDIT_RETENTION',
    '400d',
    '1h',
    '3650d',
    'How long the audit is kept: who changed what.',
  ),
  publicCatalogue: choice(
    'POSTHORN_PUBLIC_CATALOGUE',
    'off',
    ['off', 'on'],
    'Whether the pages of the catalogue are shown to people who are not signed in, so that integrators can be sent a link. Programs read the actions without a key either way.',
  ),
  logLevel: choice(
    'POSTHORN_LOG_LEVEL',
    'info',
    ['fatal', 'error', 'warn', 'info', 'debug', 'silent'],
    'How much is logged.',
  ),
} as const;

/** What `posthorn-server move` reads. */
export const MOVE_OPTIONS = {
  to: {
    variable: 'POSTHORN_TO',
    default: null,
    range: 'postgres://user:password@host/database',
    meaning:
      'The PostgreSQL database (15 or newer) to move to: empty, or with a part of this move.',
    read: (given = '') => ({
      value: given,
      problem: isPostgresUrl(given)
        ? undefined
        : 'must be an address like postgres://user:password@host/database',
    }),
  } satisfies Option<string>,
  dataDir: OPTIONS.dataDir,
  secretKey: OPTIONS.secretKey,
} as const;

/** What `posthorn-server reopen` reads. */
export const REOPEN_OPTIONS = { dataDir: OPTIONS.dataDir } as const;

/** What `posthorn-server rotate-key` reads. */
export const ROTATE_KEY_OPTIONS = {
  databaseUrl: OPTIONS.databaseUrl,
  dataDir: OPTIONS.dataDir,
  secretKey: OPTIONS.secretKey,
} as const;

/** What `posthorn-server user add` reads. */
export const USER_OPTIONS = {
  email: requiredText('POSTHORN_EMAIL', 'What the person signs in with.', (value) =>
    /^[^\s@]+@[^\s@]+$/.test(value) && value.length <= 254 ? undefined : 'must be an email address',
  ),
  name: requiredText('POSTHORN_NAME', 'How the person is called.', (value) =>
    value.trim() !== '' && value.length <= 200 ? undefined : 'must have 1 to 200 characters',
  ),
  role: choice(
    'POSTHORN_ROLE',
    'operator',
    ['operator', 'manager', 'viewer'],
    'What the person may do: everything; read and write at the locations; read there.',
  ),
  locations: list(
    'POSTHORN_LOCATIONS',
    'Ids of the locations of a manager or viewer; otherwise all.',
    (value) => (/^[1-9]\d{0,14}$/.test(value) ? undefined : 'must be ids like 7,8'),
  ),
  passwordCost: OPTIONS.passwordCost,
  databaseUrl: OPTIONS.databaseUrl,
  dataDir: OPTIONS.dataDir,
} as const;

export type Options = Readonly<Record<string, Option<unknown>>>;
/** The typed values of some options. */
export type ValuesOf<T extends Options> = {
  readonly [N in keyof T]: ReturnType<T[N]['read']>['value'];
};
export type Config = ValuesOf<typeof OPTIONS>;

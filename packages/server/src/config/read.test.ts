import { describe, expect, it } from 'vitest';
import { type Config, OPTIONS } from './options.ts';
import { ConfigError, readConfig, unknownVariables } from './read.ts';

describe('the defaults', () => {
  it('are those of the documentation', () => {
    const { port, host, retrySchedule, disableAfter, requestTimeoutMs, ...rest } = readConfig({});
    expect({ port, host, disableAfter, requestTimeoutMs }).toStrictEqual({
      port: 4665,
      host: '127.0.0.1',
      disableAfter: 10,
      requestTimeoutMs: 15_000,
    });
    const hours = retrySchedule.map((ms) => ms / 3_600_000);
    expect(retrySchedule.slice(0, 4)).toStrictEqual([5000, 30_000, 300_000, 900_000]);
    expect(hours.slice(4)).toStrictEqual([1, 2, 5, 10, 18, 36]);
    expect(rest).toMatchObject({ apiKey: null, allowNetworks: [], databaseUrl: 'sqlite:' });
  });

  it('hold for variables that are empty', () => {
    const empty = Object.fromEntries(Object.values(OPTIONS).map(({ variable }) => [variable, '']));
    expect(readConfig(empty)).toStrictEqual(readConfig({}));
  });
});

describe('an option', () => {
  it.each<[string, string, keyof Config, unknown]>([
    ['POSTHORN_PORT', '0', 'port', 0],
    ['POSTHORN_RETRY_SCHEDULE', '500ms,2s,1.5m', 'retrySchedule', [500, 2000, 90_000]],
    ['POSTHORN_RETRY_SCHEDULE', ' 1s , 2s ', 'retrySchedule', [1000, 2000]],
    ['POSTHORN_REQUEST_TIMEOUT', '250ms', 'requestTimeoutMs', 250],
    ['POSTHORN_DISABLE_AFTER', '0', 'disableAfter', 0],
    ['POSTHORN_ALLOW_NETWORKS', '10.0.0.0/8, ::1/128', 'allowNetworks', ['10.0.0.0/8', '::1/128']],
    ['POSTHORN_LOG_LEVEL', 'silent', 'logLevel', 'silent'],
    [
      'POSTHORN_OIDC_ROLES',
      'cn=a=operator, desk=manager@7+9,staff=viewer',
      'oidcRoles',
      [
        { group: 'cn=a', role: 'operator', locations: null },
        { group: 'desk', role: 'manager', locations: [7, 9] },
        { group: 'staff', role: 'viewer', locations: null },
      ],
    ],
  ])('%s=%s is read', (variable, text, name, value) => {
    expect(readConfig({ [variable]: text })[name]).toStrictEqual(value);
  });

  it.each([
    ['POSTHORN_PORT', '65536'],
    ['POSTHORN_PORT', '-1'],
    ['POSTHORN_PORT', '80x'],
    ['POSTHORN_API_KEY', 'k'.repeat(23)],
    ['POSTHORN_API_KEY', `${'k'.repeat(24)} `],
    ['POSTHORN_SECRET_KEY', 'ff'],
    ['POSTHORN_RETRY_SCHEDULE', '5'],
    ['POSTHORN_RETRY_SCHEDULE', '5s,'],
    ['POSTHORN_RETRY_SCHEDULE', '5s 6s'],
    ['POSTHORN_RETRY_SCHEDULE', '-5s'],
    ['POSTHORN_RETRY_SCHEDULE', '721h'],
    ['POSTHORN_RETRY_SCHEDULE', Array(11).fill('1s').join(',')],
    ['POSTHORN_DISABLE_AFTER', '12'],
    ['POSTHORN_REQUEST_TIMEOUT', '15'],
    ['POSTHORN_REQUEST_TIMEOUT', '99ms'],
    ['POSTHORN_REQUEST_TIMEOUT', '121s'],
    ['POSTHORN_ALLOW_NETWORKS', '10.0.0.0'],
    ['POSTHORN_ALLOW_NETWORKS', '10.0.0.0/33'],
    ['POSTHORN_ALLOW_NETWORKS', '999.1.1.1/8'],
    ['POSTHORN_ALLOW_NETWORKS', '10.0.0.0/8,fe80::/129'],
    ['POSTHORN_ALLOW_NETWORKS', 'example.com/8'],
    ['POSTHORN_DATABASE_URL', 'mysql://x'],
    ['POSTHORN_PUBLIC_URL', 'https://hooks.example.com/path'],
    ['POSTHORN_LOG_LEVEL', 'loud'],
    ['POSTHORN_OIDC_SCOPES', 'email,openid'],
    ['POSTHORN_OIDC_DOMAINS', '@example.com'],
    ['POSTHORN_OIDC_ROLES', 'staff'],
    ['POSTHORN_OIDC_ROLES', 'staff=owner'],
    ['POSTHORN_OIDC_ROLES', '=viewer'],
    ['POSTHORN_OIDC_ROLES', 'desk=manager@0'],
    ['POSTHORN_OIDC_ROLES', 'desk=manager@7,9'],
    ['POSTHORN_OIDC_ROLES', 'admins=operator@7'],
  ])('%s=%s is refused by name, without the value', (variable, text) => {
    const problems = problemsOf({ [variable]: text });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${variable} must `));
  });

  it('can be a flag, which wins over its variable', () => {
    const environment = { POSTHORN_PORT: '1', POSTHORN_HOST: '::1' };
    expect(readConfig(environment, ['--port', '2'])).toMatchObject({ port: 2, host: '::1' });
    expect(readConfig(environment, ['--port=3']).port).toBe(3);
  });
});

describe('mistakes', () => {
  it('are all told at once, flags among them', () => {
    const problems = problemsOf({ POSTHORN_PORT: 'x', POSTHORN_LOG_LEVEL: 'y' }, [
      '--request-timeout=1',
      '--colour',
      'red',
      'serve',
      '--host',
    ]);
    expect(new Set(problems.map((problem) => problem.split(' ')[0]))).toStrictEqual(
      new Set([
        '--colour',
        '--host',
        '--request-timeout',
        'POSTHORN_LOG_LEVEL',
        'POSTHORN_PORT',
        'serve',
      ]),
    );
  });

  it('are a provider without what it needs, and the other way round', () => {
    const issuer = { POSTHORN_OIDC_ISSUER: 'https://login.example.com' };
    const client = { POSTHORN_OIDC_CLIENT_ID: 'id', POSTHORN_OIDC_CLIENT_SECRET: 'secret' };
    const publicUrl = { POSTHORN_PUBLIC_URL: 'https://hooks.example.com' };
    expect(problemsOf({ ...issuer, ...client, ...publicUrl })).toStrictEqual([]);
    expect(problemsOf({ ...issuer, ...publicUrl })).toStrictEqual([
      'POSTHORN_OIDC_CLIENT_ID and POSTHORN_OIDC_CLIENT_SECRET are required with POSTHORN_OIDC_ISSUER',
    ]);
    expect(problemsOf({ ...issuer, ...client })).toStrictEqual([
      'POSTHORN_PUBLIC_URL is required with POSTHORN_OIDC_ISSUER: the provider sends people back there',
    ]);
    expect(problemsOf({ ...client, ...publicUrl })).toStrictEqual([
      'POSTHORN_OIDC_ISSUER is required with POSTHORN_OIDC_CLIENT_ID: it is whom people go to',
    ]);
  });

  it.each([
    'http://login.example.com',
    'http://127.0.0.1.example.com',
    'https://user@login.example.com',
    'https://login.example.com?a=b',
    'login.example.com',
  ])('are issuers like %s', (text) => {
    const client = { POSTHORN_OIDC_CLIENT_ID: 'id', POSTHORN_OIDC_CLIENT_SECRET: 'secret' };
    const given = { ...client, POSTHORN_PUBLIC_URL: 'https://hooks.example.com' };
    expect(problemsOf({ ...given, POSTHORN_OIDC_ISSUER: text })).toStrictEqual([
      'POSTHORN_OIDC_ISSUER must be an https address without query (http on this very machine)',
    ]);
  });

  it('in the names of variables are found', () => {
    expect(unknownVariables({ POSTHORN_PROT: '1', POSTHORN_PORT: '1', PATH: '' })).toStrictEqual([
      'POSTHORN_PROT',
    ]);
  });
});

function problemsOf(
  environment: Record<string, string>,
  flags: readonly string[] = [],
): readonly string[] {
  try {
    readConfig(environment, flags);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

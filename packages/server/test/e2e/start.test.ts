import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openReceiver } from '@posthorn/testkit/receivers';
import { report } from '../asking.ts';
import { isOnSqlite } from '../engine.ts';
import { API_KEY, newDataDir, removeDataDir, runToEnd, startServer } from '../start.ts';

const dataDir = newDataDir();
afterAll(() => removeDataDir(dataDir));

const fresh = (name: string) => join(dataDir, name);

describe('a wrong configuration', () => {
  it('is told with all its mistakes at once, and ends with 2', async () => {
    const { code, output } = await runToEnd({
      dataDir,
      env: {
        POSTHORN_PORT: '70000',
        POSTHORN_API_KEY: 'hunter2',
        POSTHORN_SECRET_KEY: 'hunter2',
        POSTHORN_RETRY_SCHEDULE: '5,10s',
        POSTHORN_DISABLE_AFTER: '-1',
        POSTHORN_REQUEST_TIMEOUT: '15',
        POSTHORN_ALLOW_NETWORKS: 'everything',
        POSTHORN_DATABASE_URL: 'mysql://x',
        POSTHORN_LOG_LEVEL: 'loud',
        POSTHORN_PUBLIC_URL: 'hooks',
      },
      flags: ['--max-record-bytes', '1', '--colour', 'red'],
    });
    expect(code).toBe(2);
    for (const named of [
      'POSTHORN_API_KEY',
      'POSTHORN_SECRET_KEY',
      'POSTHORN_RETRY_SCHEDULE',
      'POSTHORN_DISABLE_AFTER',
      'POSTHORN_REQUEST_TIMEOUT',
      'POSTHORN_ALLOW_NETWORKS',
      'POSTHORN_DATABASE_URL',
      'POSTHORN_LOG_LEVEL',
      'POSTHORN_PUBLIC_URL',
      '--max-record-bytes',
      '--colour',
    ]) {
      expect(output).toMatch(new RegExp(`^\\s+${named} `, 'm'));
    }
    expect(output).not.toContain('hunter2');
    expect(output).not.toContain('listening');
    expect(output).not.toMatch(/\n\s+at /);
  });
});

describe('a start that fails', () => {
  it('for its port is told in a sentence, and ends with 1', async () => {
    const taken = await openReceiver();
    const { code, output } = await runToEnd({
      dataDir: fresh('taken'),
      flags: ['--port', String(taken.port)],
    });
    expect(code).toBe(1);
    expect(output).toContain('Posthorn cannot start');
    expect(output).toContain(String(taken.port));
    await taken.close();
  });

  it.runIf(isOnSqlite)('for its data folder is told in a sentence, and ends with 1', async () => {
    const file = fresh('a-file');
    writeFileSync(file, '');
    const { code, output } = await runToEnd({ dataDir: join(file, 'data') });
    expect(code).toBe(1);
    expect(output).toContain('Posthorn cannot start');
  });

  it.runIf(isOnSqlite)(
    'for a store that is no database is told in a sentence, and ends with 1',
    async () => {
      const dir = newDataDir();
      writeFileSync(join(dir, 'posthorn.db'), 'this is no database. '.repeat(1000));
      const { code, output } = await runToEnd({ dataDir: dir });
      expect(code).toBe(1);
      expect(output).toContain('Posthorn cannot start');
      removeDataDir(dir);
    },
  );
});

describe('a start', () => {
  it('prints what to do next, and the first key once', async () => {
    const dir = fresh('first');
    const first = await startServer({ dataDir: dir, env: { POSTHORN_API_KEY: undefined } });
    const key = /(ph_[0-9a-f]{12}_[0-9a-f]{64})/.exec(first.output())?.[1];
    expect(first.output()).toContain('/v1/webhooks');
    expect(first.output()).toContain('/docs');
    const authorization = `Bearer ${key}`;
    const list = () => first.api('GET', '/v1/webhooks', undefined, { authorization });
    expect((await list()).status).toBe(200);
    await first.stop();
    const second = await startServer({ dataDir: dir, env: { POSTHORN_API_KEY: undefined } });
    expect(second.output()).not.toMatch(/ph_[0-9a-f]{12}_/);
    expect((await second.api('GET', '/v1/webhooks', undefined, { authorization })).status).toBe(
      200,
    );
    await second.stop();
  });

  it.runIf(isOnSqlite)(
    'keeps the data folder to its owner and the configured key to itself',
    async () => {
      const dir = fresh('private');
      const server = await startServer({ dataDir: dir, env: { POSTHORN_RETRY_SHEDULE: '1s' } });
      expect(statSync(dir).mode & 0o777).toBe(0o700);
      expect(statSync(join(dir, 'secret.key')).mode & 0o777).toBe(0o600);
      await server.stop();
      expect(server.output()).not.toContain(API_KEY);
      // A variable that looks like an option and is none.
      expect(server.output()).toContain('POSTHORN_RETRY_SHEDULE');
    },
  );

  it.runIf(isOnSqlite)(
    'is refused while another process uses the data folder, which goes on working',
    async () => {
      const dir = fresh('shared');
      const first = await startServer({ dataDir: dir });
      const { code, output } = await runToEnd({ dataDir: dir });
      expect(code).toBe(1);
      expect(output).toContain('another process uses this data folder');
      await report(first, 'BookingCreate');
      await first.stop();
    },
  );

  it.runIf(isOnSqlite)(
    'with another secret key does not sign with what it cannot open',
    async () => {
      const dir = fresh('rekeyed');
      const keyOf = (digit: string) => ({ POSTHORN_SECRET_KEY: digit.repeat(64) });
      const first = await startServer({ dataDir: dir, env: keyOf('1') });
      await first.api('PUT', '/v1/secrets/default', { secret: 'hunter2' });
      await first.stop();
      expect(readFileSync(join(dir, 'posthorn.db')).includes('hunter2')).toBe(false);
      const second = await startServer({ dataDir: dir, env: keyOf('2') });
      await second.stop();
      expect(second.output()).toContain('cannot be opened with this key');
      const third = await startServer({ dataDir: dir, env: keyOf('1') });
      expect((await third.api('GET', '/v1/secrets/default')).json).toMatchObject({ isSet: true });
      await third.stop();
    },
  );
});

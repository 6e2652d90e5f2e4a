import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openReceiver } from '@posthorn/testkit/receivers';
import { API_KEY, eventually, type Started, startServer } from '@posthorn/testkit/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const COMMAND = fileURLToPath(new URL('../bin/posthorn.js', import.meta.url));

let server: Started;
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posthorn-cli-test-'));
  server = await startServer({
    env: { POSTHORN_DISABLE_AFTER: '1', POSTHORN_RETRY_SCHEDULE: '1h' },
  });
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as a process of its own. */
async function run(
  args: readonly string[],
  input = '',
  env: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: { ...process.env, POSTHORN_URL: server.url, POSTHORN_API_KEY: API_KEY, ...env },
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  child.stdin.on('error', () => {}).end(input);
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, err };
}

/** The same, of a line without quotes; it has to end well. */
async function posthorn(line: string, input?: string): Promise<string> {
  const { code, out, err } = await run(line.split(' '), input);
  expect(err).toBe('');
  expect(code).toBe(0);
  return out;
}

async function json<T>(line: string, input?: string): Promise<T> {
  return JSON.parse(await posthorn(`${line} --json`, input)) as T;
}

describe('posthorn', () => {
  test('goes from an inbox and a secret to what arrived', async () => {
    expect(await posthorn('secrets set location:1', 'a tern flies far\n')).toMatch(
      /^scope +location:1\n/,
    );
    const inbox = await json<{ id: string; url: string }>('inbox create --secret-scope location:1');
    const { id } = await json<{ id: number }>(
      `webhooks create First ${inbox.url} --actions BookingCreate,BookingDelete --location 1`,
    );
    expect(await posthorn('webhooks list --location 1')).toBe(
      [
        'ID  NAME   STATE    ERRORS  LOCATION  ACTIONS           URL',
        `${id}   First  healthy  0       1         BookingCreate +1  ${inbox.url}`,
        '',
      ].join('\n'),
    );

    const file = join(folder, 'record.json');
    await writeFile(file, '{"Id":12345678901234567890}');
    const reported = await posthorn(`events report BookingCreate ${file} --location 1`);
    expect(reported).toMatch(/^EVENT +DELIVERIES\nevt_\w+ +1\n$/);
    expect(await posthorn('events list --location 1')).toContain('BookingCreate  1');

    const requests = await eventually(async () => {
      const out = await posthorn(`inbox requests ${inbox.id}`);
      return out.includes('BookingCreate') && out;
    });
    expect(requests).toMatch(/valid +valid +\[\{"Id":12345678901234567890\}\]\n/);

    expect(await posthorn(`webhooks off ${id}`)).toMatch(/^state +off$/m);
    await posthorn('events report BookingDelete - --location 1', '{"Id":2}');
    expect(await posthorn(`webhooks show ${id}`)).toMatch(/^waiting +1$/m);
    expect(await posthorn(`webhooks on ${id} --held drop`)).toMatch(/^state +healthy$/m);
    expect(await posthorn(`webhooks test ${id} --action BookingDelete`)).toMatch(
      /^delivery +msg_/m,
    );
    expect(await posthorn(`webhooks delete ${id}`)).toBe(`Webhook ${id} is deleted.\n`);
  });

  test('reports one record per line, once for one key', async () => {
    const line = 'events report ProductCreate - --lines --idempotency-key one';
    const lines = '{"Id":1}\n\n{"Id":2}\n';
    const first = await json<{ id: string }[]>(line, lines);
    expect(first).toHaveLength(2);
    expect(await json(line, lines)).toEqual(first);
  });

  test('shows what a receiver answered without obeying it', async () => {
    const receiver = await openReceiver({
      answer: () => ({
        status: 500,
        body: '\u001b[2J\u001b]0;owned\u0007sorry\r\nAttempt 2\u009b',
      }),
    });
    const { id } = await json<{ id: number }>(
      `webhooks create \u001b[31mRed ${receiver.url} --actions all --location 2`,
    );
    await posthorn('events report BookingCreate - --location 2', '{"Id":1}');
    const [delivery] = await eventually(async () => {
      const list = `deliveries list --webhook ${id} --state held`;
      const found = await json<{ id: string; attempts: number }[]>(list);
      return found.length > 0 && found;
    });
    expect(await posthorn(`deliveries list --webhook ${id}`)).toMatch(/ Red +held /);

    const shown = await posthorn(`deliveries show ${delivery!.id}`);
    expect(shown).toMatch(/^Attempt 1 at .*: HTTP 500/m);
    expect(shown).toContain('  < sorry\n  < Attempt 2\n');
    expect(shown).toContain('  > [{"Id":1}]\n');
    expect(await posthorn('notices')).toContain('webhook_disabled');

    const all = [shown, await posthorn(`deliveries show ${delivery!.id} --json`)].join('');
    // oxlint-disable-next-line no-control-regex -- there must be none
    expect(all).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);

    const refused = await run(['deliveries', 'resend', delivery!.id]);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('(conflict)');
    await receiver.close();
  });

  test('makes, rotates and revokes keys', async () => {
    const made = await posthorn('keys create Deploy --scopes webhooks:read --location 7');
    const [, id, key] = /^id +(\w+)\nkey +(\w+)\nexpires at +-\n$/.exec(made)!;
    const list = (POSTHORN_API_KEY: string) => run(['webhooks', 'list'], '', { POSTHORN_API_KEY });
    expect((await list(key!)).code).toBe(0);
    const next = await json<{ id: string; key: string }>(`keys rotate ${id} --overlap 0s`);
    expect((await list(key!)).err).toContain('(unauthorized)');
    expect(await posthorn('keys list')).toMatch(
      new RegExp(`^${next.id} +Deploy +- +7 +webhooks:read +- +-$`, 'm'),
    );
    expect(await posthorn(`keys revoke ${next.id}`)).toBe(`Key ${next.id} is revoked.\n`);
    expect((await list(next.key)).err).toContain('(unauthorized)');
  });

  test('tells who changed what, as a table and as lines', async () => {
    const { id } = await json<{ id: string }>('keys create Nightly');
    expect(await posthorn('audit list --what key.created --limit 1')).toMatch(
      new RegExp(`POSTHORN_API_KEY \\(configured\\) +\\S+ +key.created +key:${id} +\\{`),
    );
    const lines = (await posthorn('audit export --what key.created')).trimEnd().split('\n');
    expect(JSON.parse(lines[0]!)).toMatchObject({ what: 'key.created', subject: `key:${id}` });
  });

  test('shows and changes the key pair where calls are signed with one', async () => {
    const other = await startServer({ env: { POSTHORN_SIGN_ASYMMETRIC: 'on' } });
    const there = (...args: readonly string[]) => run([...args, '--url', other.url]);
    const [, before] = /^(whpk_\S+) /m.exec((await there('signing-key', 'show')).out)!;
    expect((await there('signing-key', 'rotate', '--overlap', '1h')).code).toBe(0);
    const { out } = await there('signing-key', 'show');
    const [, current, previous] = out.split('\n').map((row) => row.split(/ +/));
    expect(current).toMatchObject([expect.stringMatching(/^whpk_/), expect.anything(), '-']);
    expect(previous).toMatchObject([before, expect.anything(), expect.stringMatching(/^20/)]);
    await other.stop();
    expect((await run(['signing-key', 'show'])).err).toContain('(not_found)');
  });

  test('adds people, makes links for them, and removes them', async () => {
    const made = await posthorn(
      'people add ada@example.com --name Ada --role viewer --locations 7,8',
    );
    const [, id, link] = /^id +(\d+)\nlink +(http\S+\/join\?token=[\w-]{43})\n$/.exec(made)!;
    expect(await posthorn(`people link ${id}`)).not.toContain(link);
    expect(await posthorn('people list')).toMatch(
      new RegExp(`^${id} +Ada +ada@example.com +viewer +7,8 +no +-$`, 'm'),
    );
    expect(await posthorn(`people remove ${id}`)).toBe(`Person ${id} is removed.\n`);
  });

  test('lists the actions without a key', async () => {
    const { code, out } = await run(['actions', 'list'], '', { POSTHORN_API_KEY: '' });
    expect(code).toBe(0);
    expect(out).toMatch(/^6 +BookingCreate +Booking Create +Booking$/m);
    expect(await posthorn('actions show 6')).toContain('"ResourceName": ');
  });

  test.each<[string, readonly string[], NodeJS.ProcessEnv, number, RegExp]>([
    ['the help', ['--help'], {}, 0, /^$/],
    ['no command', [], {}, 2, /Usage: posthorn/],
    ['a command that is none', ['webhook'], {}, 2, /unknown command/],
    ['an id that is none', ['webhooks', 'show', 'x'], {}, 2, /number from 1/],
    ['an option that is missing', ['webhooks', 'create', 'a', 'b'], {}, 2, /--actions/],
    ['a file that is not there', ['events', 'report', '6', '/nowhere'], {}, 2, /ENOENT/],
    ['no secret', ['secrets', 'set', 'default'], {}, 2, /no secret/],
    ['a URL that is none', ['notices', '--url', 'x'], {}, 2, /Invalid URL/],
    ['a webhook that is not there', ['webhooks', 'show', '999'], {}, 1, /\(not_found\)/],
    ['a wrong key', ['notices'], { POSTHORN_API_KEY: 'wrong' }, 1, /\(unauthorized\)/],
    ['nobody there', ['notices', '--url', 'http://127.0.0.1:9'], {}, 1, /\(unreachable\)/],
  ])('ends as its exit codes say: %s', async (_case, args, env, expected, says) => {
    const { code, err } = await run(args, '', env);
    expect(err).toMatch(says);
    expect(code).toBe(expected);
    expect(err).not.toContain('    at ');
  });
});

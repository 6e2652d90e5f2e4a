import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient, PosthornError } from '@posthorn/sdk';
import { API_KEY, eventually } from '@posthorn/testkit/server';
import { expect, test } from 'vitest';

const COMMAND = fileURLToPath(new URL('dev.ts', import.meta.url));

test('npm run dev starts a service with its pages and a receiver, and ends them when it is interrupted', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-dev-test-'));
  const child = spawn(process.execPath, [COMMAND, '--receiver-port', '0', '--pages-port', '0'], {
    env: {
      ...process.env,
      POSTHORN_PORT: '0',
      POSTHORN_DATA_DIR: folder,
      POSTHORN_API_KEY: API_KEY,
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  try {
    const receiver = await eventually(() => /receiver at (\S+) gets/.exec(output)?.[1], {
      deadlineMs: 15_000,
    });
    const [, pages = ''] = /with reload: (\S+)/.exec(output)!;
    expect(await (await fetch(`${pages}webhooks`)).text()).toContain('<div id="root">');
    expect((await fetch(`${pages}v1/sign-in`)).status).toBe(200);
    const [, url = ''] = /listening on (http:\S+)/.exec(output)!;
    const posthorn = createClient({ url, key: API_KEY });
    await posthorn.events.report('BookingCreate', '{"Id":1,"Notes":"\\u001b[2J"}');
    await eventually(() => output.includes('← BookingCreate, attempt 1, genuine [{"Id":1'));

    child.kill('SIGINT');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
    await expect(posthorn.actions.list()).rejects.toThrow(PosthornError);
    await expect(fetch(receiver)).rejects.toThrow('fetch failed');
  } finally {
    child.kill('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  }
});

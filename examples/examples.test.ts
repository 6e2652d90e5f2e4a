import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createClient } from '@posthorn/sdk';
import { API_KEY, eventually, startServer } from '@posthorn/testkit/server';
import { expect, test } from 'vitest';

const SECRET = 'a tern flies far';

/** Runs an example as a process of its own. */
function run(name: string, env: Record<string, string>, ...args: string[]) {
  const file = fileURLToPath(new URL(name, import.meta.url));
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, ended, output: () => output };
}

test('what one example reports arrives at the other, once', async () => {
  const server = await startServer();
  const receiver = run('receiver.ts', { SECRET }, '0');
  try {
    const port = await eventually(() => /port: (\d+)/.exec(receiver.output())?.[1]);
    const posthorn = createClient({ url: server.url, key: API_KEY });
    await posthorn.secrets.set('default', SECRET);
    const url = `http://127.0.0.1:${port}/`;
    const { id } = await posthorn.webhooks.create({ name: 'Example', actions: ['*'], url });

    const env = { POSTHORN_URL: server.url, POSTHORN_API_KEY: API_KEY };
    const reports = [run('report-events.ts', env), run('report-events.ts', env)];
    for (const { ended, output } of reports) {
      const code = await ended;
      expect(output()).toMatch(/^evt_\w+: Room Oak, to 1 webhooks\nevt_\w+: Room Birch, to 1 /);
      expect(code).toBe(0);
    }
    expect(reports[1]!.output()).toBe(reports[0]!.output());

    const delivered = await eventually(async () => {
      const found = await posthorn.deliveries.list({ webhook: id, state: 'delivered' }).take(9);
      return found.length === 2 && found;
    });
    await posthorn.deliveries.resend(delivered[0]!.id);
    await eventually(async () => (await posthorn.deliveries.get(delivered[0]!.id)).attempts === 2);

    expect((await fetch(url, { method: 'POST', body: '[{}]' })).status).toBe(401);
    const lines = receiver.output().split('\n');
    expect(lines.filter((line) => line === 'Booked: Room Oak')).toHaveLength(1);
    expect(lines.filter((line) => line === 'Booked: Room Birch')).toHaveLength(1);
    await eventually(() => receiver.output().includes('The call has no webhook-id.'));
  } finally {
    receiver.child.kill();
    await server.stop();
  }
});

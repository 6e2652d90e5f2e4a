import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const COMMAND = fileURLToPath(new URL('main.ts', import.meta.url));
const running = new Set<ReturnType<typeof start>['child']>();
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posthorn-demo-test-'));
});

afterAll(async () => {
  for (const child of running) child.kill('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

/** Starts the demo with its temporary store in `folder`. */
function start(...flags: string[]) {
  const child = spawn(process.execPath, [COMMAND, '--seed', '7', ...flags], {
    env: { ...process.env, TMPDIR: folder, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const exit = once(child, 'close').then(([code]) => {
    running.delete(child);
    return { code: code as number | null, output, errors };
  });
  /** Resolves when the output has `words`, or has ended. */
  const says = async (words: string) => {
    while (child.exitCode === null && !output.includes(words)) {
      await Promise.race([once(child.stdout, 'data'), exit]);
    }
  };
  return { child, exit, says };
}

describe('the demo', () => {
  test('tells what happens, sums it up after --seconds and leaves nothing behind', async () => {
    const { code, output, errors } = await start('--seconds', '5').exit;

    expect(errors).toBe('');
    expect(code).toBe(0);
    expect(output).toMatch(/API {8}http:\/\/127\.0\.0\.1:\d+\/docs/);
    expect(output).toMatch(/^\d\d:\d\d:\d\d {2}\p{Lu}.+\n {10}✓ Everything \d+ ms/mu);

    const [, events, followed] = /reported (\d+) events, and (\d+) deliveries followed, as/.exec(
      output,
    )!;
    expect(Number(events)).toBeGreaterThanOrEqual(5);
    expect(Number(followed)).toBeGreaterThan(Number(events));
    expect(output).toContain(
      `The inbox keeps the newest ${events} requests; both signatures are valid on ${events} of them.`,
    );
    expect(output).toMatch(new RegExp(`^Everything +healthy +${events}\\b`, 'm'));
    expect(output).not.toContain('\u001b');
    expect(await readdir(folder)).toEqual([]);
  });

  test('ends with its summary when it is interrupted', async () => {
    const { child, exit, says } = start();
    await says('✓ Everything');
    child.kill('SIGINT');
    const { code, output } = await exit;

    expect(code).toBe(0);
    expect(output).toMatch(/the front desk reported \d+ events/);
    expect(await readdir(folder)).toEqual([]);
  });

  test('says how it is used when it is asked for nonsense', async () => {
    const { code, output } = await start('--seconds', 'soon').exit;
    expect(code).toBe(2);
    expect(output).toContain('npm run demo');
  });
});

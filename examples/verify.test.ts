// Runs every recipe whose runtime is installed, as a process of its own, against calls that the
// service makes.
import { spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type Posthorn, verify } from '@posthorn/sdk';
import { API_KEY, eventually, type Started, startServer } from '@posthorn/testkit/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Recipe, recipes, withSecret } from './verify/recipes.ts';

/** What is asked, and what a runtime that is new enough answers. */
const RUNTIMES: Readonly<Record<string, { readonly ask: string; readonly answer: RegExp }>> = {
  JavaScript: { ask: 'node --version', answer: /^v(1[89]|[2-9]\d)/ },
  Python: { ask: 'python3 --version', answer: /^Python 3\.([89]|\d\d)/ },
  PHP: { ask: 'php --version', answer: /^PHP ([89]|\d\d)/ },
  Ruby: { ask: 'rackup --version', answer: /^Rack/ },
  Go: { ask: 'go version', answer: /go1\.(19|[2-9]\d)/ },
  Java: { ask: 'java --list-modules', answer: /^jdk\.compiler@(1[1-9]|[2-9]\d)/m },
  'C#': { ask: 'dotnet --version', answer: /^\d\d+\./ },
};

/** A compiler that starts cold, on a machine that is busy with other tests. */
const START_DEADLINE_MS = 90_000;

type Titled = readonly [title: string, secret: string];
const SECRETS: readonly Titled[] = [
  ['a typed secret', String.raw`"It's" 5 $cents #{or} {$less} \u0041\ für 🎉`],
  ['a whsec_ secret', `whsec_${Buffer.alloc(32, 'a tern flies far').toString('base64')}`],
];
/** To those alone who read base64 padding means something. */
const UNPADDED: Titled = [
  'a whsec_ secret without padding',
  'whsec_YSB0ZXJuIGZsaWVzIGZhciwgYW5kIGJhY2s',
];

const RECORD = '{"Id":12345678901234567890,"Name":"Jörg Ünal 🎉"}';
const BODY = String.raw`[{"Id":12345678901234567890,"Name":"J\u00f6rg \u00dcnal \ud83c\udf89"}]`;

const MINUTES = 60;

const missing = recipes.filter(({ language }) => !isInstalled(RUNTIMES[language]!));
if (missing.length > 0)
  console.info(`Not run, for want of a runtime: ${missing.map(({ file }) => file).join(', ')}`);

let server: Started;
let posthorn: Posthorn;
beforeAll(async () => {
  server = await startServer();
  posthorn = createClient({ url: server.url, key: API_KEY });
});
afterAll(() => server.stop());

describe.each(recipes)('$language', { timeout: START_DEADLINE_MS + 30_000 }, (recipe) => {
  const isMissing = missing.includes(recipe);

  it.skipIf(isMissing).each([...SECRETS, UNPADDED])(
    'verifies webhook-signature by %s',
    async (_title, secret) => {
      const receiver = await startRecipe(recipe, secret, 'standard');
      try {
        const webhook = await createWebhook(receiver.url, secret);
        const { headers, status } = await webhook.call();
        expect(status, receiver.output()).toBe(204);
        await eventually(() => receiver.output().includes(`BookingCreate ${BODY}`));

        const signature = headers['webhook-signature']!;
        const signedAs = (value: string) => ({ ...headers, 'webhook-signature': value });
        expect(await receiver.post(headers, BODY)).toBe(204);
        expect(await receiver.post(signedAs(`v1a,AAAA v1,AAAA ${signature}`), BODY)).toBe(204);
        for (const wrong of ['', 'v1,', 'v1,AAAA', 'v1,für', signature.slice(3), `v2${signature}`])
          expect(await receiver.post(signedAs(wrong), BODY), wrong).toBe(401);
        expect(await receiver.post(without(headers, 'webhook-signature'), BODY)).toBe(401);
        expect(await receiver.post({ ...headers, 'webhook-id': 'msg_1' }, BODY)).toBe(401);
        expect(await receiver.post(headers, BODY.replace('Id', 'id'))).toBe(401);
        expect(await receiver.post(headers, '')).toBe(401);
        expect(await receiver.post({}, BODY)).toBe(401);

        const now = Math.floor(Date.now() / 1000);
        const signedAt = (time: number | string) => ({
          ...signedAs(signStandard(secret, headers['webhook-id']!, time)),
          'webhook-timestamp': String(time),
        });
        for (const near of [now, now - 4 * MINUTES, now + 4 * MINUTES])
          expect(await receiver.post(signedAt(near), BODY), `${near}`).toBe(204);
        for (const far of [now - 6 * MINUTES, now + 6 * MINUTES, 0, 'soon', '', '9'.repeat(40)])
          expect(await receiver.post(signedAt(far), BODY), `${far}`).toBe(401);

        // Both secrets sign for a while, and the receiver knows the old one still.
        await webhook.changeSecret();
        expect((await webhook.call()).status).toBe(204);
      } finally {
        await receiver.stop();
      }
    },
  );

  it.skipIf(isMissing).each(SECRETS)(
    'verifies X-Nexudus-Hook-Signature by %s',
    async (_title, secret) => {
      const receiver = await startRecipe(recipe, secret, 'nexudus');
      try {
        const webhook = await createWebhook(receiver.url, secret);
        const { headers, status } = await webhook.call();
        expect(status, receiver.output()).toBe(204);
        await eventually(() => receiver.output().includes(`BookingCreate ${BODY}`));

        const name = 'x-nexudus-hook-signature';
        const signature = headers[name]!;
        expect(await receiver.post(headers, BODY)).toBe(204);
        for (const wrong of ['', '00', 'für', signature.toLowerCase(), signature.slice(1)])
          expect(await receiver.post({ ...headers, [name]: wrong }, BODY), wrong).toBe(401);
        expect(await receiver.post(without(headers, name), BODY)).toBe(401);
        expect(await receiver.post(headers, BODY.replace('Id', 'id'))).toBe(401);
        expect(await receiver.post(headers, '')).toBe(401);

        // This header has room for one signature, and that is the new secret's.
        await webhook.changeSecret();
        expect((await webhook.call()).status).toBe(401);
      } finally {
        await receiver.stop();
      }
    },
  );
});

it('finds the call that docs/receiving.md shows signed as it says', async () => {
  const page = readFileSync(new URL('../docs/receiving.md', import.meta.url), 'utf8');
  const shown = /^ {4}POST .*\n((?: {4}.+\n)+)\n {4}(\[.*\])\n/m.exec(page)!;
  const headers = Object.fromEntries(
    [...shown[1]!.matchAll(/^ {4}(\S+): (.*)$/gm)].map(([, name, value]) => [name!, value!]),
  );
  const input = { headers, body: shown[2]!, secret: 'a tern flies far' };
  expect(page).toContain(input.secret);
  const now = () => Number(headers['webhook-timestamp']) * 1000;
  await expect(verify({ ...input, now })).resolves.toBeTruthy();
  await expect(verify({ ...input, scheme: 'nexudus' })).resolves.toBeTruthy();
});

function isInstalled({ ask, answer }: { ask: string; answer: RegExp }): boolean {
  const [program = '', ...args] = ask.split(' ');
  // Null when there is no such program.
  const { stdout } = spawnSync(program, args, { encoding: 'utf8' }) as { stdout: string | null };
  return answer.test(stdout ?? '');
}

/** A copy of the recipe with its secret, and with the function called that is to be tried. */
async function startRecipe(recipe: Recipe, secret: string, scheme: 'standard' | 'nexudus') {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-recipe-'));
  const code = readFileSync(new URL(`verify/${recipe.file}`, import.meta.url), 'utf8');
  writeFileSync(join(folder, recipe.file), calling(scheme, withSecret(recipe, code, secret)));

  const [program = '', ...args] = recipe.command.replace('8080', '0').split(' ');
  // A group of its own: some of these programs compile another one and run that.
  const child = spawn(program, args, {
    cwd: folder,
    // Without a locale, as service managers start programs.
    env: { ...process.env, PORT: '0', LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const closed = once(child, 'close');
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL');
    await closed;
    rmSync(folder, { recursive: true, force: true });
  };

  const findPort = () => /(?:http:\/\/127\.0\.0\.1:|port=)([1-9]\d*)/.exec(output)?.[1];
  const hasEnded = () => child.exitCode !== null;
  await eventually(() => findPort() ?? hasEnded(), { deadlineMs: START_DEADLINE_MS }).catch(
    () => {},
  );
  const port = findPort();
  if (port === undefined) {
    await stop();
    throw new Error(`${recipe.command} does not listen. It said:\n${output}`);
  }

  const url = `http://127.0.0.1:${port}/`;
  /** Resolves with the status. */
  const post = async (headers: Readonly<Record<string, string>>, body: string) =>
    (await fetch(url, { method: 'POST', headers, body })).status;
  return { url, post, output: () => output, stop };
}

/** Both functions take the same; a recipe calls the one for `webhook-signature`. */
function calling(scheme: 'standard' | 'nexudus', code: string): string {
  if (scheme === 'standard') return code;
  const call = /(?<!(?:function|def|func|boolean|bool) )([Vv]erify_?)([Ss])tandard\(/g;
  const changed = code.replaceAll(call, (_call, start: string, s: string) =>
    s === 's' ? `${start}nexudus(` : `${start}Nexudus(`,
  );
  expect(changed).not.toBe(code);
  return changed;
}

let lastLocation = 0;

/** A webhook at a location of its own that signs with this secret. */
async function createWebhook(url: string, secret: string) {
  const location = ++lastLocation;
  await posthorn.secrets.set(`location:${location}`, secret);
  const { id } = await posthorn.webhooks.create({ name: 'Recipe', actions: ['*'], url, location });

  /** Reports an event; resolves with what the first call for it carried, and its answer. */
  const call = async () => {
    const path = `/v1/events/BookingCreate?location=${location}`;
    const reported = await server.api('POST', path, RECORD);
    const event: unknown = reported.json.events[0].id;
    const attempt = await eventually(async () => {
      const deliveries = await posthorn.deliveries.list({ webhook: id }).take(9);
      const delivery = deliveries.find((one) => one.event === event);
      return delivery && (await posthorn.deliveries.get(delivery.id)).attemptLog[0];
    });
    expect(attempt.request.body).toBe(BODY);
    const own = attempt.request.headers
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => /^(content-type|webhook-|x-nexudus-|posthorn-)/.test(name));
    const headers: Record<string, string> = Object.fromEntries(own);
    return { headers, status: attempt.response?.status };
  };
  const changeSecret = () => posthorn.secrets.set(`location:${location}`, 'the tern is back again');
  return { call, changeSecret };
}

/** What the service would sign `BODY` with at another time. */
function signStandard(secret: string, id: string, timestamp: number | string): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret;
  const hmac = createHmac('sha256', key).update(`${id}.${timestamp}.${BODY}`);
  return `v1,${hmac.digest('base64')}`;
}

function without(headers: Readonly<Record<string, string>>, name: string) {
  return Object.fromEntries(Object.entries(headers).filter(([one]) => one !== name));
}

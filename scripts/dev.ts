// `npm run dev`: the service, started again whenever its sources change, the pages with reload, and a
// receiver that answers and prints what it gets. Ctrl-C ends them all.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createInterface } from 'node:readline';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { createClient, verify } from '@posthorn/sdk';
import { type DevServer, startDevServer } from '../packages/ui/dev-server.ts';

const ROOT = join(import.meta.dirname, '..');
const MAIN = join(ROOT, 'packages/server/src/main.ts');
const WEBHOOK = 'The receiver of npm run dev';
const SECRET = 'secret of npm run dev';
/** An editor writes a file in several steps. */
const SETTLE_MS = 200;

const { values } = parseArgs({
  options: {
    /** 4666 unless told otherwise: the same after a restart, as the webhook keeps its URL. */
    'receiver-port': { type: 'string', default: '4666' },
    'pages-port': { type: 'string', default: '5173' },
    /** What the receiver answers: with 500 there are retries to look at. */
    answer: { type: 'string', default: '200' },
  },
});

/** What the environment says wins. */
const settings = {
  POSTHORN_API_KEY: 'operator-key-of-npm-run-dev',
  POSTHORN_ALLOW_NETWORKS: '127.0.0.0/8',
  POSTHORN_DATA_DIR: join(ROOT, 'data/dev'),
  ...process.env,
};

const receiver = createServer((request, response) => {
  void take(request).then((line) => {
    console.log(line);
    response.writeHead(Number(values.answer)).end();
  });
});
receiver.listen(Number(values['receiver-port']), '127.0.0.1');
await once(receiver, 'listening');
const receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;

let pages: DevServer | undefined;
let isSetUp = false;
let isEnding = false;
let service = start();
// If this process breaks off, nothing stays behind.
process.on('exit', () => service.kill('SIGKILL'));
// Not `node --watch`: under it the thread of the store does not start.
let changed: NodeJS.Timeout | undefined;
const watcher = watch(join(ROOT, 'packages/server/src'), { recursive: true }, (_event, file) => {
  if (file === null || !/\.(ts|json|sql)$/.test(file) || file.endsWith('.test.ts')) return;
  clearTimeout(changed);
  changed = setTimeout(() => {
    console.log(`\n  ${file} changed: starting again.`);
    service.kill('SIGTERM');
  }, SETTLE_MS);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    isEnding = true;
    watcher.close();
    service.kill('SIGTERM');
  });
}

while (!isEnding) {
  const [code] = (await once(service, 'exit')) as [number | null];
  if (isEnding) break;
  // It says itself what is wrong; the next change may mend it.
  if (code !== 0) await Promise.race([once(watcher, 'change'), once(watcher, 'close')]);
  if (!isEnding) service = start();
}
clearTimeout(changed);
watcher.close();
await pages?.close();
receiver.close();
receiver.closeAllConnections();

function start() {
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    env: settings,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    console.log(line);
    const url = /listening on (http:\S+)/.exec(line)?.[1];
    if (url === undefined || isSetUp) return;
    isSetUp = true;
    setUp(url).catch((error: unknown) => {
      console.error(`The webhook and the pages could not be set up: ${(error as Error).message}`);
    });
  });
  return child;
}

/** A webhook for everything to the receiver, and a secret; what is there already stays. */
async function setUp(url: string): Promise<void> {
  const posthorn = createClient({ url, key: settings.POSTHORN_API_KEY });
  const { isSet } = await posthorn.secrets.get('default');
  if (!isSet) await posthorn.secrets.set('default', SECRET);
  const found = (await posthorn.webhooks.list().take(500)).find(({ name }) => name === WEBHOOK);
  if (found === undefined) {
    await posthorn.webhooks.create({ name: WEBHOOK, actions: ['*'], url: receiverUrl });
  } else if (found.url !== receiverUrl) {
    await posthorn.webhooks.change(found.id, { url: receiverUrl });
  }
  pages = await startDevServer(url, Number(values['pages-port']));
  console.log(`
  The pages, with reload: ${pages.url}

  The receiver at ${receiverUrl} gets everything. In another terminal:

    export POSTHORN_URL=${url} POSTHORN_API_KEY=${settings.POSTHORN_API_KEY}
    echo '{"Id":1}' | npx posthorn events report BookingCreate -
    npx posthorn deliveries list
`);
}

/** One call in one line. */
async function take(request: IncomingMessage): Promise<string> {
  const body = await buffer(request);
  const { headers } = request;
  const signature = await verify({ secret: SECRET, headers, body }).then(
    () => 'genuine',
    (error: unknown) => (error as Error).message,
  );
  const { 'posthorn-action': action, 'posthorn-attempt': attempt } = headers;
  const line = `← ${String(action)}, attempt ${String(attempt)}, ${signature} ${body.toString()}`;
  return stripVTControlCharacters(line).replaceAll(/\p{Cc}/gu, ' ');
}

// `npm run demo`: a made-up coworking space on the real service, told in the terminal.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Client, createClient } from './client.ts';
import { openFrontDesk } from './front-desk/front-desk.ts';
import { createRandom } from './front-desk/random.ts';
import { type House, setUpHouse } from './house.ts';
import { openDead, openFlaky } from './receivers.ts';
import { startService } from './service.ts';
import { summarize } from './summary.ts';
import { openTerminal, type Terminal } from './terminal.ts';
import { type News, openWatch } from './watch.ts';

const USAGE = `npm run demo -- [--seconds N] [--seed N]

Runs until Ctrl-C, or for N seconds. Another seed tells other stories.
`;
/** About two actions a second; most of what follows from one is there when the next takes place. */
const STEP_MS = 500;
const LOOK_AFTER_MS = 250;
/** How long Accounting stays switched off before somebody repairs its server. */
const REPAIR_AFTER_MS = 20_000;
/** At the end: how long calls under way may take to settle. */
const SETTLE_MS = 3000;

/** Delays as short as a demo needs: ten failed calls take twenty seconds here, days by default. */
const SETTINGS = {
  POSTHORN_RETRY_SCHEDULE: '500ms,1s,1s,2s,2s,3s,3s,4s,4s,5s',
  POSTHORN_REQUEST_TIMEOUT: '2s',
  POSTHORN_ALLOW_NETWORKS: '127.0.0.0/8',
};

const { values } = parseArgs({
  options: { seconds: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean' } },
});
const seconds = values.seconds === undefined ? Infinity : Number(values.seconds);
const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
if (values.help || !(seconds > 0) || !Number.isSafeInteger(seed)) {
  process.stdout.write(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  await demo();
}

async function demo(): Promise<void> {
  const terminal = openTerminal(process.stdout, Date.now);
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // Nobody reads any more (`npm run demo | head`): end as if interrupted.
  process.stdout.on('error', stop);

  terminal.say('Starting Posthorn on a new store …', 'quiet');
  const service = await startService(SETTINGS);
  const flaky = await openFlaky(createRandom(seed + 1));
  const dead = await openDead();
  void service.ended.then((how) => {
    if (stopping.signal.aborted) return;
    terminal.say(`The service ended (${how}).`, 'bad');
    process.exitCode = 1;
    stop();
  });
  try {
    const client = createClient(service.url, service.key);
    const house = await setUpHouse(client, { bookings: flaky.url, invoices: dead.url });
    introduce(terminal, service.url, service.key, house);
    await work(client, terminal, house, () => dead.repair(), stopping.signal);
  } catch (error) {
    terminal.say(`The demo broke off: ${(error as Error).message}`, 'bad');
    process.exitCode = 1;
  } finally {
    stop();
    await service.stop();
    await flaky.close();
    await dead.close();
  }
  terminal.say('Posthorn is stopped and its store is removed.', 'quiet');
}

function introduce(terminal: Terminal, url: string, key: string, { inbox }: House): void {
  const lines = [
    '',
    'Tern House is a made-up coworking space: three locations, a shared secret, six webhooks.',
    '',
    '  Everything      all actions, to an inbox of Posthorn itself',
    '  Calendar        bookings, to a server that fails three calls in ten',
    '  Accounting      invoices, to a server that is down',
    '  Doors of …      visitors and check-ins, one for each location',
    '',
    'Look inside while it runs:',
    '',
    `  API        ${url}/docs`,
    `  Key        KEY=${key}`,
    `  Log        curl -H "authorization: Bearer $KEY" '${url}/v1/deliveries?limit=5'`,
    `  Notices    curl -H "authorization: Bearer $KEY" ${url}/v1/notices`,
    `  Inbox      curl -H "authorization: Bearer $KEY" '${url}/v1/inboxes/${inbox.id}/requests?limit=1'`,
    '',
    'Ctrl-C ends it. The front desk opens.',
    '',
  ];
  for (const line of lines) terminal.say(line);
}

/** Reports and tells until told to stop, and then what came of it. */
async function work(
  client: Client,
  terminal: Terminal,
  house: House,
  repair: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = Date.now();
  const desk = openFrontDesk({ seed, now: Date.now });
  const watch = openWatch(client, Date.now);
  let reported = 0;
  let expected = 0;
  let offSince: number | null = null;

  while (!signal.aborted && Date.now() - startedAt < seconds * 1000) {
    const nextAt = Date.now() + STEP_MS;
    const step = desk.next();
    const { id, deliveries } = await client.report(step.action, step.location, step.record);
    reported += 1;
    expected += deliveries;
    terminal.story(id, step.tell);
    await pause(LOOK_AFTER_MS, signal);
    const news = await watch.look();
    terminal.news(news);

    if (news.some((one) => isSwitchedOff(one, house))) offSince = Date.now();
    if (offSince !== null && Date.now() - offSince > REPAIR_AFTER_MS) {
      offSince = null;
      await repair();
      const { waiting } = await client.get<{ waiting: number }>(
        `/v1/webhooks/${house.accounting.id}`,
      );
      terminal.say('');
      terminal.say(
        `${' '.repeat(10)}Accounting's server is repaired and somebody switches the webhook on: the ${waiting} held deliveries are sent.`,
        'good',
      );
      terminal.say('');
      await client.send('PATCH', `/v1/webhooks/${house.accounting.id}`, { active: true });
    }
    await pause(nextAt - Date.now(), signal);
  }

  await settled(client);
  terminal.say('');
  const run = { seconds: Math.round((Date.now() - startedAt) / 1000), reported, expected };
  for (const line of await summarize(client, house, run)) terminal.say(line);
  terminal.say('');
}

function isSwitchedOff(news: News, { accounting }: House): boolean {
  return news.kind === 'switched-off' && news.webhook.id === accounting.id;
}

/** Waits until no call is under way, for a while. */
async function settled(client: Client): Promise<void> {
  const end = Date.now() + SETTLE_MS;
  while (Date.now() < end) {
    const { items } = await client.get<{ items: readonly unknown[] }>(
      '/v1/deliveries?state=sending&limit=1',
    );
    if (items.length === 0) return;
    await sleep(100);
  }
}

/** Ends early, and quietly, when the demo is to stop. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.max(0, ms), undefined, { signal }).catch(() => {});
}

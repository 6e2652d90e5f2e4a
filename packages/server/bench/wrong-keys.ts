/**
 * What a flood of wrong API keys costs those who have a right one: honest reports a second and their
 * p99, alone and beside 10,000 wrong keys a second from the same machine, in turns.
 *
 * `node packages/server/bench/wrong-keys.ts [rounds]`; some 12 s a round. The service, the flood and
 * the honest clients are processes of their own, and share the cores of this machine.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { API_KEY, startServer } from '../test/start.ts';
import type { Load, Loaded } from './wrong-keys-load.ts';

const ROUNDS = Number(process.argv[2] ?? 5);
const SECONDS = 5;
const FLOOD_PER_SECOND = 10_000;
const HONEST_AT_ONCE = 16;
/** Honest ones may come down to this share of their pace alone. */
const LEAST_SHARE = 0.5;

const server = await startServer();
const rounds: { alone: Loaded; beside: Loaded; flood: Loaded }[] = [];
try {
  const honest = {
    kind: 'honest',
    url: server.url,
    keys: [API_KEY],
    atOnce: HONEST_AT_ONCE,
    seconds: SECONDS,
  } as const;
  const flood = {
    kind: 'flood',
    url: server.url,
    connections: 32,
    perSecond: FLOOD_PER_SECOND,
    seconds: SECONDS + 2,
  } as const;
  await run({ ...honest, seconds: 2 });
  for (let round = 1; round <= ROUNDS; round++) {
    const alone = await run(honest);
    const flooding = run(flood);
    // It is under way, and over its limit, before honest ones are counted.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const beside = await run(honest);
    rounds.push({ alone, beside, flood: await flooding });
    print(line(String(round), rounds.at(-1)!));
  }
  const middle = (of: (round: (typeof rounds)[number]) => number) =>
    rounds.map(of).toSorted((a, b) => a - b)[Math.floor(rounds.length / 2)]!;
  const share = middle(({ alone, beside }) => beside.perSecond / alone.perSecond);
  const slower = middle(({ alone, beside }) => beside.p99Ms / alone.p99Ms);
  print(`median: beside the flood ${(share * 100).toFixed(0)} % of the pace alone, `);
  print(`p99 × ${slower.toFixed(2)}\n`);
  if (share < LEAST_SHARE) process.exitCode = 1;
} finally {
  await server.stop();
}

/** One load, in a process of its own. */
async function run(load: Load): Promise<Loaded> {
  const child = fork(new URL('wrong-keys-load.ts', import.meta.url), [JSON.stringify(load)]);
  const [loaded] = (await once(child, 'message')) as [Loaded];
  return loaded;
}

function line(name: string, { alone, beside, flood }: (typeof rounds)[number]): string {
  const of = ({ perSecond, p99Ms }: Loaded) =>
    `${perSecond.toFixed(0).padStart(6)}/s p99 ${p99Ms.toFixed(1)} ms`;
  return `${name}: alone ${of(alone)}, beside ${of(beside)}; flood ${of(flood)}, answers ${JSON.stringify(flood.statuses)}\n`;
}

function print(text: string): void {
  process.stdout.write(text);
}

import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../eventually.ts';
import { instant } from '../ledger.ts';
import type { Recipe, RunInput } from '../recipe.ts';
import { type RestEvidence, runScene, type Scene, type WebhookPlan } from '../scene.ts';
import { anyPlace, WEBHOOKS } from './space.ts';

const HOUR = 3_600_000;
const JUMPS = { '-2 h': -2 * HOUR, '+2 h': 2 * HOUR, '+30 d': 30 * 24 * HOUR } as const;
/** Fails while the clock jumps, so that re-attempts wait for an instant of the clock before. */
const FAILING: WebhookPlan = { name: 'failing', location: 4 };
/** The longest delay of the schedule is 3 s, at half speed 6 s, jitter and load on top. */
const STALL_MS = 20_000;

export const clockJumps: Recipe = {
  name: 'F9',
  what: "the nodes' clocks jump by -2 h, +2 h and +30 d and back, also while they are down",
  engines: ['SQLite', 'PostgreSQL'],
  shortEngines: ['SQLite'],
  async run(input) {
    const dir = mkdtempSync(join(tmpdir(), 'posthorn-clock-'));
    const file = join(dir, 'shift');
    const set = (shiftMs: number) => {
      // Whole or not at all: a node may read it at any moment.
      writeFileSync(`${file}.new`, String(shiftMs));
      renameSync(`${file}.new`, file);
    };
    set(0);
    const env = {
      NODE_OPTIONS: `--import=${new URL('../shifted-clock.ts', import.meta.url).href}`,
      CLOCK_SHIFT_FILE: file,
      // A node that starts with a clock of next month would find everything too old to be kept.
      POSTHORN_RETENTION: '365d',
    };
    try {
      const webhooks = [...WEBHOOKS, FAILING];
      return await runScene(input, { webhooks, env }, (scene) => jump(scene, set));
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
};

async function jump(scene: Scene, set: (shiftMs: number) => void): Promise<void> {
  const { producer, random, input, service, faults, unverified } = scene;
  // A receiver compares with its own clock; nodes on PostgreSQL sign the database's time.
  if (service.engine === 'SQLite') for (const name of scene.webhookIds.keys()) unverified.add(name);
  const load = producer.run({
    perSecond: input.form === 'short' ? 100 : 300,
    place: withFailing(anyPlace(random), random),
  });
  let longestStallMs = 0;
  for (const [name, shiftMs] of jumpsOf(input)) {
    for (const [what, to] of [
      [name, shiftMs],
      [`back from ${name}`, 0],
    ] as const) {
      await scene.receivers.behave(FAILING.name, { kind: 'status', status: 500 });
      await waitForRetries(scene);
      set(to);
      faults.note(`clock ${what}`);
      const at = instant();
      await scene.receivers.behave(FAILING.name, { kind: 'ok' });
      await waitForNoRetries(scene, `clock ${what}`);
      longestStallMs = Math.max(longestStallMs, instant() - at);
    }
    // Set while nobody runs: the next process finds what the one before it planned.
    await scene.receivers.behave(FAILING.name, { kind: 'status', status: 500 });
    await waitForRetries(scene);
    for (const node of service.nodes) await node.stop();
    set(shiftMs);
    faults.note(`clock ${name} while nothing runs`);
    for (const node of service.nodes) await node.start();
    const at = instant();
    await scene.receivers.behave(FAILING.name, { kind: 'ok' });
    await waitForNoRetries(scene, `clock ${name} while nothing ran`);
    longestStallMs = Math.max(longestStallMs, instant() - at);
    set(0);
    await pause(500);
  }
  await load.stop();
  scene.notes.push(`re-attempts went on within ${(longestStallMs / 1000).toFixed(1)} s`);
  scene.atRest = (evidence) => checkCalls(scene, evidence);
}

function jumpsOf({ form, scale }: RunInput): (readonly [string, number])[] {
  const all = Object.entries(JUMPS);
  if (form === 'short') return all.slice(0, 1);
  return Array.from({ length: 2 * scale }, () => all).flat();
}

function withFailing(place: () => number, random: Scene['random']): () => number {
  return () => (random.chance(0.1) ? FAILING.location : place());
}

/**
 * A re-attempt of the failing webhook waits for its time. There may be no second one: a lane that
 * one request opened tries that one only, and everything else waits without a failed attempt.
 */
async function waitForRetries(scene: Scene): Promise<void> {
  await eventually(async () => (await retries(scene)) > 0, { deadlineMs: 60_000 });
}

/** All that had failed before has been sent. */
async function waitForNoRetries(scene: Scene, after: string): Promise<void> {
  await eventually(async () => (await retries(scene)) === 0, { deadlineMs: STALL_MS }).catch(() =>
    scene.violations.push(`${after}: re-attempts stand still`),
  );
}

async function retries({ state, webhookIds }: Scene): Promise<number> {
  const [row] = await state.ask(`
    select count(*) as n
    from deliveries
    where state = 'due' and attempts > 0 and webhook_id = ${webhookIds.get(FAILING.name)}`);
  return row!['n'] as number;
}

function checkCalls({ service, notes, violations }: Scene, { receipts }: RestEvidence): void {
  // The nodes of SQLite sign by their own clock, which shows that it was indeed off.
  const worst = receipts.reduce((most, { skewS }) => Math.max(most, Math.abs(skewS)), 0);
  if (service.engine === 'PostgreSQL') {
    notes.push(`times in signatures off by at most ${worst.toFixed(0)} s`);
    if (worst > 60) violations.push(`a signature carries a time that is ${worst.toFixed(0)} s off`);
  } else if (worst < HOUR / 1000) violations.push('no clock was off');
}

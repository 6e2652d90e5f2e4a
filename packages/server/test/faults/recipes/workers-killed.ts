import { setTimeout as pause } from 'node:timers/promises';
import type { Receipt } from '../behaviour.ts';
import { begunAt } from '../oracle.ts';
import type { Recipe, RunInput } from '../recipe.ts';
import { type RestEvidence, runScene, type Scene } from '../scene.ts';
import { anyPlace, WEBHOOKS } from './space.ts';

/** Twice the time after which the others take a silent node for dead. */
const ZOMBIE_MS = 60_000;
/** After a node died its calls are made again within the time that it counts as alive, and this. */
const TAKE_OVER_MS = 30_000 + 5_000;

export const workersKilled: Recipe = {
  name: 'F1',
  what: 'nodes are killed at random moments, or stand still for longer than they may',
  engines: ['SQLite', 'PostgreSQL'],
  // Taking over from a dead node takes 30 s; e2e/postgres.test.ts does it in every run.
  shortEngines: ['SQLite'],
  run: (input) =>
    runScene(input, { webhooks: WEBHOOKS, restMs: 90_000 }, async (scene) => {
      const { producer, random, service } = scene;
      const load = producer.run({ perSecond: rateOf(input), place: anyPlace(random) });
      const zombie = service.engine === 'PostgreSQL' ? freeze(scene, 2, ZOMBIE_MS) : null;
      await killAtRandom(scene, killsOf(input));
      await zombie;
      await load.stop();
      // The one process of SQLite stands still as well; nobody takes over from it.
      if (service.engine === 'SQLite') await freeze(scene, 0, 2000);
      scene.atRest = (evidence) => checkTakeOver(scene, evidence);
    }),
};

function rateOf({ form }: RunInput): number {
  return form === 'short' ? 200 : 1500;
}

function killsOf({ form, scale, engine }: RunInput): number {
  if (form === 'short') return 3;
  return (engine === 'SQLite' ? 30 : 20) * scale;
}

/** Kills a node, lets it lie for a moment, and starts it again; on PostgreSQL nodes 1 and 2. */
async function killAtRandom({ service, random, faults }: Scene, kills: number): Promise<void> {
  for (let i = 0; i < kills; i++) {
    await pause(random.between(300, 3000));
    const node = service.nodes[service.engine === 'SQLite' ? 0 : random.between(0, 1)]!;
    await faults.cutOff('kill -9', () => node.kill());
    await pause(random.between(0, 500));
    await node.start();
  }
}

async function freeze({ service, faults }: Scene, index: number, ms: number): Promise<void> {
  await pause(500);
  await faults.standStill('SIGSTOP', () => service.nodes[index]!.freeze(), ms);
}

/** R5: what a dead node had begun is begun again in time. */
function checkTakeOver(
  { service, faults, notes, violations, standstills }: Scene,
  { receipts }: RestEvidence,
): void {
  let longestMs = 0;
  const first = new Map<string, Receipt | null>();
  for (const receipt of receipts) {
    const call = `${receipt.delivery} ${receipt.attempt}`;
    const earlier = first.get(call);
    first.set(call, earlier === undefined ? receipt : null);
    if (!earlier) continue;
    // Calls last some milliseconds: what cut it off is the next fault after it began.
    const begun = begunAt(earlier);
    const after = faults.faults.map((one) => one.at).filter((at) => at >= begun && at < receipt.at);
    if (after.length > 0) longestMs = Math.max(longestMs, receipt.at - Math.min(...after));
  }
  notes.push(`begun again after at most ${(longestMs / 1000).toFixed(1)} s`);
  if (service.engine === 'PostgreSQL' && longestMs > TAKE_OVER_MS && standstills.length === 0)
    violations.push(`R5: a call was begun again only after ${longestMs} ms`);
}

import { setTimeout as pause } from 'node:timers/promises';
import { instant } from '../ledger.ts';
import type { Recipe } from '../recipe.ts';
import { type RestEvidence, runScene, type Scene } from '../scene.ts';
import { anyPlace, WEBHOOKS } from './space.ts';

/** The deadline of a call, and what it may take to write down what it met (docs/operations.md). */
const STOP_MS = 15_000 + 5_000;

export const rollingRestart: Recipe = {
  name: 'F14',
  what: 'nodes are stopped and started again one after the other, under load',
  engines: ['SQLite', 'PostgreSQL'],
  run: (input) =>
    runScene(input, { webhooks: WEBHOOKS }, async (scene) => {
      const { form, scale, engine } = input;
      const { producer, random, service } = scene;
      const load = producer.run({
        perSecond: form === 'short' ? 200 : 500,
        place: anyPlace(random),
      });
      const rounds = form === 'short' ? 1 : (engine === 'SQLite' ? 15 : 6) * scale;
      let longestStopMs = 0;
      for (let round = 0; round < rounds; round++) {
        for (const node of service.nodes) {
          await pause(random.between(200, 1500));
          const at = instant();
          await node.stop();
          longestStopMs = Math.max(longestStopMs, instant() - at);
          // Calls that a node ends while it stops are written down: nothing may come twice.
          scene.faults.note('SIGTERM', at);
          await node.start();
        }
      }
      await load.stop();
      scene.notes.push(`stopped within ${(longestStopMs / 1000).toFixed(1)} s`);
      if (longestStopMs > STOP_MS)
        scene.violations.push(`a stop took ${Math.round(longestStopMs)} ms`);
      scene.atRest = (evidence) => tellErrors(scene, evidence);
    }),
};

/** What the platform met besides refused connections, all of which it repeated. */
function tellErrors({ notes, violations }: Scene, { sent }: RestEvidence): void {
  const whys = new Map<string, number>();
  for (const entry of sent) {
    if (entry.kind === 'unknown') whys.set(entry.why, (whys.get(entry.why) ?? 0) + 1);
    if (entry.kind === 'refused') violations.push(`${entry.key} was refused with ${entry.status}`);
  }
  const told = Array.from(whys, ([why, n]) => `${n} × ${why}`);
  notes.push(told.length === 0 ? 'no request failed' : told.join(', '));
}

import type { Failpoint } from '../../../src/telemetry/failpoint.ts';
import { NAMED_POINTS } from '../../crash/run.ts';
import { eventually } from '../../eventually.ts';
import type { Recipe } from '../recipe.ts';
import { runScene, type Scene } from '../scene.ts';
import type { EngineName } from '../service.ts';
import { anyPlace, WEBHOOKS } from './space.ts';

const POINTS: Readonly<Record<EngineName, readonly Failpoint[]>> = {
  SQLite: NAMED_POINTS,
  PostgreSQL: [
    'accept:before-commit',
    'accept:before-answer',
    'attempt:before-call',
    'attempt:after-call',
    'settle:before-commit',
  ],
};

export const failpoints: Recipe = {
  name: 'F2',
  what: 'a node dies between a commit and its answer, and at the other moments that matter',
  engines: ['SQLite', 'PostgreSQL'],
  shortEngines: ['SQLite'],
  run: (input) =>
    runScene(input, { webhooks: WEBHOOKS, restMs: 90_000 }, async (scene) => {
      const { form, scale, engine } = input;
      const load = scene.producer.run({
        perSecond: form === 'short' ? 200 : 1000,
        place: anyPlace(scene.random),
      });
      const points =
        form === 'short'
          ? (['accept:after-commit', 'settle:before-commit'] as const)
          : POINTS[engine];
      const rounds = form === 'short' ? 1 : 5 * scale;
      for (let round = 0; round < rounds; round++) {
        for (const point of points) await dieAt(scene, point);
      }
      await load.stop();
    }),
};

/** A life that ends at this point, when it has been passed some dozens of times. */
async function dieAt({ service, faults, random }: Scene, point: Failpoint): Promise<void> {
  const node = service.nodes.at(-1)!;
  await node.stop();
  await faults.cutOff(`failpoint ${point}`, async () => {
    // It may die of what an earlier life left due, before we have read that it listens.
    await node.start({ POSTHORN_FAILPOINT: `${point}:${random.between(1, 80)}` }).catch(() => {});
    await eventually(() => !node.isAlive, { deadlineMs: 60_000 });
  });
  await node.start();
}

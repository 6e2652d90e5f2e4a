import { setTimeout as pause } from 'node:timers/promises';
import { firstCallDelays, percentile } from '../delays.ts';
import { instant } from '../ledger.ts';
import type { Recipe } from '../recipe.ts';
import { runScene, type Scene, type Span, type WebhookPlan } from '../scene.ts';

/** R7: whatever others do, the first call of a healthy webhook begins within this. */
const MOST_MS = 1000;
const HEALTHY = Array.from({ length: 19 }, (_, i) => ({
  name: `healthy-${i + 1}`,
  location: i + 1,
}));
const NOISY: WebhookPlan = { name: 'noisy', location: 20 };
const CROWD = 21;

export const noisyNeighbour: Recipe = {
  name: 'F12',
  what: 'half of the traffic goes to a receiver that hangs; then 200 hang at one location',
  engines: ['SQLite', 'PostgreSQL'],
  shortEngines: ['SQLite'],
  run: (input) => {
    const crowd = Array.from({ length: input.form === 'short' ? 40 : 200 }, (_, i) => ({
      name: `crowd-${i + 1}`,
      location: CROWD,
    }));
    const plan = {
      webhooks: [...HEALTHY, NOISY, ...crowd],
      // Calls that hang end at their deadline, and are made again when the receiver is well.
      ...(input.form === 'short' && { env: { POSTHORN_REQUEST_TIMEOUT: '3s' } }),
      restMs: 120_000,
    };
    return runScene(input, plan, async (scene) => {
      const { producer, receivers, random } = scene;
      const phaseMs = input.form === 'short' ? 2000 : 25_000 * input.scale;
      const perSecond = input.form === 'short' ? 100 : 200;
      const healthyPlace = () => random.between(1, HEALTHY.length);
      const halfNoisy = () => (random.chance(0.5) ? NOISY.location : healthyPlace());

      const baseline = await phase(scene, phaseMs, perSecond, healthyPlace);
      await receivers.behave(NOISY.name, { kind: 'hang' });
      scene.faults.note('a receiver hangs');
      const hanging = await phase(scene, phaseMs, perSecond * 2, halfNoisy);
      await receivers.behave(NOISY.name, { kind: 'ok' });

      for (const { name } of crowd) await receivers.behave(name, { kind: 'hang' });
      scene.faults.note('all receivers of a location hang');
      const few = producer.run({ perSecond: 2, place: () => CROWD });
      const crowded = await phase(scene, phaseMs, perSecond, healthyPlace);
      await few.stop();
      for (const { name } of crowd) await receivers.behave(name, { kind: 'ok' });
      const counts = await receivers.counts();

      scene.atRest = (evidence) => {
        const healthy = new Set(HEALTHY.map(({ name }) => name));
        const p99 = (span: Span) =>
          percentile(firstCallDelays({ ...evidence, ...span, receivers: healthy }), 0.99);
        const [quiet, one, many] = [p99(baseline), p99(hanging), p99(crowded)];
        scene.notes.push(
          `p99 to the first call of healthy webhooks: ${quiet.toFixed(0)} ms, one hangs ${one.toFixed(0)} ms, ${crowd.length} of one location hang ${many.toFixed(0)} ms`,
        );
        for (const ms of [one, many])
          if (ms > MOST_MS && ms > 2 * quiet && scene.standstills.length === 0)
            scene.violations.push(`R7: healthy webhooks wait ${ms.toFixed(0)} ms`);
      };
      const limit = 10 * scene.service.nodes.length;
      for (const [name, { mostOpen }] of counts)
        if (mostOpen > limit) scene.violations.push(`R8: ${mostOpen} calls at once to ${name}`);
    });
  },
};

async function phase(
  { producer }: Scene,
  ms: number,
  perSecond: number,
  place: () => number,
): Promise<Span> {
  const from = instant();
  const load = producer.run({ perSecond, place });
  await pause(ms);
  await load.stop();
  return { from, to: instant() };
}

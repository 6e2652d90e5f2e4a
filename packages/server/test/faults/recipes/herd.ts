import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../eventually.ts';
import type { Receipt } from '../behaviour.ts';
import { firstCallDelays, percentile } from '../delays.ts';
import { instant } from '../ledger.ts';
import type { Recipe } from '../recipe.ts';
import { runScene, type Scene, type Span, type WebhookPlan } from '../scene.ts';

const DOWN: WebhookPlan = { name: 'down', location: 1, behaviour: { kind: 'refuse' } };
const OTHERS = Array.from({ length: 8 }, (_, i) => ({ name: `other-${i + 1}`, location: i + 2 }));
/** Calls at once to a webhook that says nothing else, of all nodes together. */
const CONCURRENCY = 10;
const MOST_MS = 1000;

export const herd: Recipe = {
  name: 'F11',
  what: 'a receiver comes back to 100,000 deliveries that are due, once more after the nodes were away',
  engines: ['SQLite', 'PostgreSQL'],
  shortEngines: ['SQLite'],
  run: (input) =>
    runScene(input, { webhooks: [DOWN, ...OTHERS], restMs: 300_000 }, async (scene) => {
      const { producer, receivers, random, faults, service } = scene;
      const isShort = input.form === 'short';
      const backlog = isShort ? 3000 : 100_000;
      const perSecond = isShort ? 50 : 200;
      const place = () => random.between(2, OTHERS.length + 1);

      const load = producer.run({ perSecond, place });
      const baseline = await span(isShort ? 1000 : 15_000);
      faults.note('a receiver is down');
      await producer.flood({ events: backlog, location: DOWN.location });

      // First the nodes come back to what is due, then the receiver, to the half that is left.
      for (const node of service.nodes) await faults.cutOff('kill -9', () => node.kill());
      for (const node of service.nodes) await node.start();
      const back = instant();
      await receivers.behave(DOWN.name, { kind: 'ok', delayMs: 3 });
      await waitForCalls(scene, backlog / 2);
      for (const node of service.nodes) await faults.cutOff('kill -9', () => node.kill());
      const killed = instant();
      for (const node of service.nodes) await node.start();
      const restarted = instant();
      await waitForCalls(scene, backlog);
      await load.stop();

      const { mostOpen } = (await receivers.counts()).get(DOWN.name)!;
      if (mostOpen > CONCURRENCY)
        scene.violations.push(`R8: ${mostOpen} calls at once, ${CONCURRENCY} allowed`);
      scene.atRest = (evidence) => {
        const receiversOfOthers = new Set(OTHERS.map(({ name }) => name));
        const p99 = (from: number, to: number) =>
          percentile(
            firstCallDelays({ ...evidence, from, to, receivers: receiversOfOthers }),
            0.99,
          );
        const quiet = p99(baseline.from, baseline.to);
        // While nodes are away nobody is served: what counts is the draining itself.
        const busy = Math.max(p99(back, killed - MOST_MS), p99(restarted, Infinity));
        const curve = startRate(evidence.receipts);
        scene.notes.push(
          `${backlog.toLocaleString('en')} due, at most ${mostOpen} calls at once, ${curve.mostInASecond.toLocaleString('en')} in a second, all within ${curve.seconds} s`,
          `p99 to the first call of others: ${quiet.toFixed(0)} ms, while it drains ${busy.toFixed(0)} ms`,
        );
        if (busy > MOST_MS && busy > 2 * quiet && scene.standstills.length === 0)
          scene.violations.push(`R8: others waited ${busy.toFixed(0)} ms for their first call`);
      };
    }),
};

async function span(ms: number): Promise<Span> {
  const from = instant();
  await pause(ms);
  return { from, to: instant() };
}

async function waitForCalls({ receivers }: Scene, wanted: number): Promise<void> {
  await eventually(async () => (await receivers.counts()).get(DOWN.name)!.calls >= wanted, {
    deadlineMs: 300_000,
  });
}

function startRate(receipts: readonly Receipt[]): { mostInASecond: number; seconds: number } {
  const times = receipts.filter(({ receiver }) => receiver === DOWN.name).map(({ at }) => at);
  const bySecond = Map.groupBy(times, (at) => Math.floor((at - times[0]!) / 1000));
  return {
    mostInASecond: Math.max(0, ...Array.from(bySecond.values(), (calls) => calls.length)),
    seconds: Math.ceil((times.at(-1)! - times[0]!) / 1000),
  };
}

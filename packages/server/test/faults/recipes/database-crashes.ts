import { setTimeout as pause } from 'node:timers/promises';
import type { Recipe, RunInput } from '../recipe.ts';
import { runScene, type Scene } from '../scene.ts';
import { watchOutages } from './outages.ts';
import { anyPlace, WEBHOOKS } from './space.ts';

const PER_SECOND = 150;

export const backendKilled: Recipe = {
  name: 'F3',
  what: 'a process of PostgreSQL that serves a node is killed, and PostgreSQL ends all of them',
  engines: ['PostgreSQL'],
  run: (input) =>
    runScene(input, { webhooks: WEBHOOKS }, (scene) =>
      again(scene, timesOf(input, { short: 2, long: 20 }), 'kill -9 of a backend', async () => {
        const { postgres } = scene.service;
        if (postgres!.killBackend() === 0) throw new Error('no node is connected');
      }),
    ),
};

export const databaseCrashes: Recipe = {
  name: 'F4',
  what: 'PostgreSQL crashes again and again, and lies for up to two seconds',
  engines: ['PostgreSQL'],
  run: (input) =>
    runScene(input, { webhooks: WEBHOOKS }, (scene) =>
      again(scene, timesOf(input, { short: 3, long: 50 }), 'crash', async () => {
        const { service, random } = scene;
        await service.postgres!.kill();
        await pause(random.between(0, 2000));
        await service.postgres!.start();
      }),
    ),
};

export function timesOf(
  { form, scale }: RunInput,
  { short, long }: { short: number; long: number },
): number {
  return form === 'short' ? short : long * scale;
}

/** Does a fault that many times under load, some seconds apart. */
async function again(
  scene: Scene,
  times: number,
  what: string,
  fault: () => Promise<void>,
): Promise<void> {
  const { producer, random, input } = scene;
  const outages = watchOutages(scene);
  const load = producer.run({ perSecond: PER_SECOND, place: anyPlace(random) });
  for (let i = 0; i < times; i++) {
    await pause(random.between(500, input.form === 'short' ? 2000 : 6000));
    await outages.during(what, fault);
  }
  await pause(2000);
  await load.stop();
  await outages.stop();
}

import { setTimeout as pause } from 'node:timers/promises';
import { openProxy, type Proxy } from '@posthorn/testkit/proxy';
import type { Recipe, Row, RunInput } from '../recipe.ts';
import { runScene, type ScenePlan } from '../scene.ts';
import { timesOf } from './database-crashes.ts';
import { watchOutages } from './outages.ts';
import { anyPlace, WEBHOOKS } from './space.ts';

const PER_SECOND = 150;

export const databaseFrozen: Recipe = {
  name: 'F5',
  what: 'PostgreSQL stands still: it has the connections, and says nothing',
  engines: ['PostgreSQL'],
  run: (input) =>
    runScene(input, { webhooks: WEBHOOKS, restMs: 90_000 }, async (scene) => {
      const { producer, random, service } = scene;
      const outages = watchOutages(scene);
      const load = producer.run({ perSecond: PER_SECOND, place: anyPlace(random) });
      for (let i = 0; i < timesOf(input, { short: 1, long: 3 }); i++) {
        await pause(2000);
        await outages.during('SIGSTOP', async () => {
          const thaw = service.postgres!.freeze();
          await pause(input.form === 'short' ? 8000 : 60_000);
          thaw();
        });
      }
      await pause(10_000);
      await load.stop();
      await outages.stop();
    }),
};

/** How the network between nodes and the database can fail; each is over when it resolves. */
const NETWORK: Readonly<Record<string, (proxy: Proxy, ms: number) => Promise<void>>> = {
  'connections break': async (proxy) => proxy.cut(),
  'connections are refused': async (proxy, ms) => {
    await proxy.refuse();
    await pause(ms);
  },
  'nothing passes': async (proxy, ms) => {
    proxy.stall();
    await pause(ms);
  },
  'answers do not pass': async (proxy, ms) => {
    proxy.stallAnswers();
    await pause(ms);
  },
};

export const databaseUnreachable: Recipe = {
  name: 'F7',
  what: 'the network between nodes and PostgreSQL fails, in either direction',
  engines: ['PostgreSQL'],
  run: (input) =>
    throughProxy(input, { webhooks: WEBHOOKS, restMs: 90_000 }, async (scene, proxy) => {
      const { producer, random } = scene;
      const outages = watchOutages(scene);
      const load = producer.run({ perSecond: PER_SECOND, place: anyPlace(random) });
      for (let i = 0; i < timesOf(input, { short: 1, long: 3 }); i++) {
        for (const [what, fail] of Object.entries(NETWORK)) {
          await pause(1000);
          await outages.during(what, async () => {
            await fail(proxy, input.form === 'short' ? 4000 : random.between(3000, 40_000));
            await proxy.resume();
          });
        }
      }
      await pause(5000);
      await load.stop();
      await outages.stop();
    }),
};

/** A scene whose nodes reach PostgreSQL through a proxy. */
export async function throughProxy(
  input: RunInput,
  plan: ScenePlan,
  act: (scene: Parameters<Parameters<typeof runScene>[2]>[0], proxy: Proxy) => Promise<void>,
): Promise<Row> {
  let proxy: Proxy | undefined;
  try {
    const databaseUrl: ScenePlan['databaseUrl'] = async ({ port, url }) => {
      proxy = await openProxy({ to: port });
      return url.replace(`:${port}/`, `:${proxy.port}/`);
    };
    return await runScene(input, { ...plan, databaseUrl }, (scene) => act(scene, proxy!));
  } finally {
    await proxy?.close();
  }
}

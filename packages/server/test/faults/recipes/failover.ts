import { setTimeout as pause } from 'node:timers/promises';
import { openStandby, type PostgresServer, type Standby } from '@posthorn/testkit/postgres';
import { openProxy, type Proxy } from '@posthorn/testkit/proxy';
import type { Recipe, Row, RunInput } from '../recipe.ts';
import type { Scene } from '../scene.ts';
import { timesOf } from './database-crashes.ts';
import { throughProxy } from './database-frozen.ts';
import { type Outages, watchOutages } from './outages.ts';
import { anyPlace, WEBHOOKS } from './space.ts';

const PER_SECOND = 150;

/** What a server that others follow is known by. */
type Primary = Pick<PostgresServer, 'url' | 'port' | 'data' | 'kill'>;

export const failover: Recipe = {
  name: 'F6',
  what: 'PostgreSQL is lost and its synchronous standby promoted, or the standby is away',
  engines: ['PostgreSQL'],
  run: (input) =>
    withStandbys(input, { restMs: 90_000 }, async (scene, { proxy, follow }) => {
      const load = scene.producer.run({ perSecond: PER_SECOND, place: anyPlace(scene.random) });
      const outages = watchOutages(scene);
      let primary: Primary = scene.service.postgres!;
      for (let i = 0; i < timesOf(input, { short: 1, long: 6 }); i++) {
        const standby = await follow(primary, { isSynchronous: true });
        await pause(1000);
        await outages.during('the synchronous standby is away', () => away(standby, input));
        await pause(1000);
        const old = primary;
        await outages.during('failover to the synchronous standby', async () => {
          // Every second time the old one lives on, cut off: it can keep nothing without a standby.
          if (i % 2 === 0) await old.kill();
          else await proxy.refuse();
          await standby.promote();
          proxy.switchTo(standby.port);
          await proxy.resume();
        });
        primary = standby;
      }
      await settle(load, outages);
    }),
};

export const lossyFailover: Recipe = {
  name: 'F6a',
  what: 'PostgreSQL is lost while its asynchronous standby lags: what it had not got is gone',
  engines: ['PostgreSQL'],
  run: async (input) => {
    const row = await withStandbys(input, { restMs: 90_000 }, async (scene, { proxy, follow }) => {
      const load = scene.producer.run({ perSecond: PER_SECOND, place: anyPlace(scene.random) });
      const outages = watchOutages(scene);
      const primary = scene.service.postgres!;
      const link = await openProxy({ to: primary.port });
      const standby = await follow(primary, { isSynchronous: false, through: link.port });
      await pause(2000);
      await outages.during('failover to a standby that lags by a second', async () => {
        link.stall();
        await pause(1000);
        await primary.kill();
        await link.close();
        await standby.promote();
        proxy.switchTo(standby.port);
      });
      await settle(load, outages);
    });
    return withLossesCounted(row);
  },
};

/** What follows from the loss of commits is told, not demanded; everything else still is. */
function withLossesCounted(row: Row): Row {
  const isLoss = (text: string) =>
    /^I1: .* is lost|^I2: \d+ events are stored|^I6: .* counts|^I7: /.test(text);
  return {
    ...row,
    isLossExpected: true,
    violations: row.violations.filter((text) => !isLoss(text)),
    notes: [...row.notes, 'lost and sent twice: what the standby had not got of the last second'],
  };
}

async function settle(load: { stop(): Promise<void> }, outages: Outages): Promise<void> {
  await pause(5000);
  await load.stop();
  await outages.stop();
}

/** Commits wait for it meanwhile: nothing is accepted, and nothing is lost. */
async function away(standby: Standby, { form }: RunInput): Promise<void> {
  const back = standby.freeze();
  await pause(form === 'short' ? 5000 : 40_000);
  back();
}

interface Standbys {
  readonly proxy: Proxy;
  readonly follow: (...input: Parameters<typeof openStandby>) => Promise<Standby>;
}

/** A scene whose nodes reach PostgreSQL through a proxy, and standbys that end with it. */
async function withStandbys(
  input: RunInput,
  plan: { readonly restMs: number },
  act: (scene: Scene, standbys: Standbys) => Promise<void>,
): Promise<Row> {
  const standbys: Standby[] = [];
  const follow: Standbys['follow'] = async (...how) => {
    const standby = await openStandby(...how);
    standbys.push(standby);
    return standby;
  };
  try {
    return await throughProxy(input, { webhooks: WEBHOOKS, ...plan }, (scene, proxy) =>
      act(scene, { proxy, follow }),
    );
  } finally {
    for (const standby of standbys) await standby.stop();
  }
}

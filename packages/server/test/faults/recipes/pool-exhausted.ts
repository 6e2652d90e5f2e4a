import { setTimeout as pause } from 'node:timers/promises';
import { noPgbouncer, openPgbouncer, type Pgbouncer } from '@posthorn/testkit/postgres';
import pg from 'pg';
import { eventually } from '../../eventually.ts';
import type { Recipe, RunInput } from '../recipe.ts';
import { runScene } from '../scene.ts';
import { timesOf } from './database-crashes.ts';
import { watchOutages } from './outages.ts';
import { anyPlace, WEBHOOKS } from './space.ts';

const PER_SECOND = 150;
/** Three nodes want eleven each, and the suite looks as well; others take all but one. */
const MAX_CONNECTIONS = 40;

export const poolExhausted: Recipe = {
  name: 'F10',
  what: 'others hold all but one of the connections that PostgreSQL allows',
  engines: ['PostgreSQL'],
  run: (input) =>
    runScene(
      input,
      { webhooks: WEBHOOKS, postgres: { settings: [`max_connections=${MAX_CONNECTIONS}`] } },
      async (scene) => {
        const { producer, random, service } = scene;
        const outages = watchOutages(scene);
        const load = producer.run({ perSecond: PER_SECOND, place: anyPlace(random) });
        for (let i = 0; i < timesOf(input, { short: 1, long: 5 }); i++) {
          await pause(1500);
          await outages.during('connections used up', async () => {
            const free = await useUp(service.postgres!.url, MAX_CONNECTIONS - 1);
            await pause(lengthOf(input));
            await free();
          });
        }
        await pause(2000);
        await load.stop();
        await outages.stop();
      },
    ),
};

/** Opens that many connections: takes those of the nodes away until it has them. */
async function useUp(url: string, count: number): Promise<() => Promise<void>> {
  const open: pg.Client[] = [];
  await eventually(
    async () => {
      await open[0]?.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'posthorn'`,
      );
      const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
      client.on('error', () => {});
      await client.connect();
      return open.push(client) === count;
    },
    { deadlineMs: 30_000 },
  );
  return async () => {
    for (const client of open) await client.end();
  };
}

export const behindPgbouncer: Recipe = {
  name: 'F10b',
  what: 'nodes share five connections through pgbouncer in transaction mode, and it is restarted',
  engines: ['PostgreSQL'],
  skipped: noPgbouncer,
  run: async (input) => {
    let bouncer: Pgbouncer | undefined;
    try {
      const databaseUrl = async (server: { readonly port: number }) =>
        (bouncer = await openPgbouncer(server, { poolSize: 5 })).url;
      return await runScene(input, { webhooks: WEBHOOKS, databaseUrl }, async (scene) => {
        const { producer, random } = scene;
        const outages = watchOutages(scene);
        const load = producer.run({ perSecond: PER_SECOND, place: anyPlace(random) });
        for (let i = 0; i < timesOf(input, { short: 2, long: 10 }); i++) {
          await pause(2000);
          await outages.during('pgbouncer killed and started', () => bouncer!.crash());
        }
        await pause(2000);
        await load.stop();
        await outages.stop();
      });
    } finally {
      await bouncer?.stop();
    }
  },
};

/** Below the 30 s after which others take over from a node that gets no connection. */
function lengthOf({ form }: RunInput): number {
  return form === 'short' ? 5000 : 15_000;
}

import { setTimeout as pause } from 'node:timers/promises';
import { noSmallDisk, openSmallDisk, type SmallDisk } from '@posthorn/testkit/small-disk';
import type { PostgresServer } from '@posthorn/testkit/postgres';
import { eventually } from '../../eventually.ts';
import type { Recipe, Row, RunInput } from '../recipe.ts';
import { runScene, type Scene } from '../scene.ts';
import { timesOf } from './database-crashes.ts';
import { watchOutages } from './outages.ts';
import { anyPlace, WEBHOOKS } from './space.ts';

const PER_SECOND = 150;
/** Of PostgreSQL the smallest in which it has room for its log beside the data. */
const MIB = { SQLite: 64, PostgreSQL: 256 } as const;

export const diskFull: Recipe = {
  name: 'F8',
  what: 'the disk with the store is full',
  engines: ['SQLite', 'PostgreSQL'],
  skipped: noSmallDisk,
  run: (input) => onSmallDisk(input, (scene, disk) => fillAgain(input, scene, disk)),
};

async function fillAgain(input: RunInput, scene: Scene, disk: SmallDisk): Promise<void> {
  const { producer, random, service } = scene;
  const outages = watchOutages(scene);
  const load = producer.run({ perSecond: PER_SECOND, place: anyPlace(random) });
  const stopKeeping = service.postgres ? keepRunning(service.postgres) : async () => {};
  try {
    for (let i = 0; i < timesOf(input, { short: 1, long: 3 }); i++) {
      await pause(1500);
      await outages.during('disk full', async () => {
        disk.fill();
        // What the engine had set aside is used up first. Then they tell: all at some time.
        const told = new Set<string>();
        await eventually(
          () => {
            for (const url of outages.refusing()) told.add(url);
            return told.size === service.urls.length;
          },
          { deadlineMs: 60_000 },
        );
        await pause(input.form === 'short' ? 2000 : 60_000);
        disk.free();
        await eventually(() => outages.refusing().length === 0, { deadlineMs: 30_000 });
      });
    }
  } finally {
    await stopKeeping();
  }
  await pause(2000);
  await load.stop();
  await outages.stop();
}

/** PostgreSQL gives up when it cannot write its log; whoever runs it starts it again. */
function keepRunning(postgres: PostgresServer): () => Promise<void> {
  let isStopped = false;
  const keeping = (async () => {
    while (!isStopped) {
      if (!postgres.isRunning) await postgres.start().catch(() => {});
      await pause(500);
    }
  })();
  return () => {
    isStopped = true;
    return keeping;
  };
}

async function onSmallDisk(
  input: RunInput,
  act: (scene: Scene, disk: SmallDisk) => Promise<void>,
): Promise<Row> {
  const disk = openSmallDisk({ mib: MIB[input.engine] });
  try {
    const where =
      input.engine === 'SQLite'
        ? { dataDir: disk.dir }
        : { postgres: { on: disk.dir, settings: ['max_wal_size=64MB', 'min_wal_size=32MB'] } };
    return await runScene(input, { webhooks: WEBHOOKS, ...where }, (scene) => act(scene, disk));
  } finally {
    disk.close();
  }
}

import { existsSync, mkdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchContext } from './bench.ts';
import { insertRows, type RowState } from './fill-rows.ts';
import { apiAt } from './posthorn.ts';
import { startService } from './service.ts';
import { WEBHOOKS } from './throughput.ts';

/** What one event takes on the disk with its delivery, its attempt and their indexes; measured. */
const BYTES_PER_EVENT = 600;
/** Room that must be left for everything else. */
const SPARE_BYTES = 4e9;
/** Nobody listens there, nor is given this port by chance: connections are refused at once. */
const UNREACHABLE = 'http://127.0.0.1:61999/dead';

export interface FilledStore {
  readonly dir: string;
  readonly bytes: number;
  /** Removes it, unless it is kept for the next run. */
  remove(): void;
}

/**
 * A store with this many events: `delivered`, of 16 webhooks and with an attempt each, or `due`
 * behind a 17th one whose receiver is dead. The real service makes the tables and the webhooks;
 * the rows are put in while it is away, since accepting ten million takes a quarter of an hour.
 */
export async function fillStore(
  { options, servers, record }: BenchContext,
  state: RowState,
  count: number,
): Promise<FilledStore> {
  const dir = options.keep === null ? servers.dir() : join(options.keep, `${state}-${count}`);
  const file = join(dir, 'data', 'posthorn.db');
  const filled = join(dir, 'filled');
  const remove = () => {
    if (options.keep === null) rmSync(dir, { recursive: true, force: true });
  };
  try {
    const began = performance.now();
    if (!existsSync(filled)) {
      rmSync(dir, { recursive: true, force: true });
      mkdirSync(dir, { recursive: true });
      const webhooks = await makeStore(dir);
      requireSpace(dir, count);
      insertRows(file, state, count, state === 'due' ? webhooks.slice(-1) : webhooks.slice(0, -1));
      writeFileSync(filled, '');
    }
    const { size: bytes } = statSync(file);
    const seconds = (performance.now() - began) / 1000;
    record('filled', { file, count, megabytes: Math.round(bytes / 1e6), seconds });
    return { dir, bytes, remove };
  } catch (error) {
    remove();
    throw error;
  }

  /** Ids of the webhooks, the dead one last. */
  async function makeStore(into: string): Promise<number[]> {
    const urls = Array.from({ length: WEBHOOKS + 1 }, () => UNREACHABLE);
    const service = await startService(servers, { adapter: 'posthorn', urls, dir: into });
    const { items } = (await apiAt(service.address.origins[0]!)(
      'GET',
      '/v1/webhooks?limit=100',
    )) as { items: { id: number }[] };
    await service.stop();
    return items.map(({ id }) => id);
  }
}

function requireSpace(dir: string, count: number): void {
  const { bavail, bsize } = statfsSync(dir);
  const needed = count * BYTES_PER_EVENT + SPARE_BYTES;
  if (bavail * bsize < needed)
    throw new Error(
      `${dir} has less than ${Math.ceil(needed / 1e9)} GB left; --stored makes it less`,
    );
}

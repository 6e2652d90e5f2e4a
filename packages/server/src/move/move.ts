import { randomUUID } from 'node:crypto';
import { setImmediate as others } from 'node:timers/promises';
import { keyIdOf } from '../settings/secret-box.ts';
import { loadSecretKeys } from '../settings/secret-keys.ts';
import type { MoveMark } from '../store/move-marks.ts';
import { type Client, onceConnected } from '../store/postgres/database.ts';
import { failpoint } from '../telemetry/failpoint.ts';
import { MoveRefused } from './refused.ts';
import { openSource, type Source } from './source.ts';
import type { Table } from './tables.ts';
import {
  beginTarget,
  copyBatch,
  finishTarget,
  inspectTarget,
  type Progress,
  sumTable,
} from './target.ts';
import { copyLine, fingerprint, FINGERPRINTS, type Row } from './values.ts';

/** A transaction of the copy ends with whichever is reached first. */
const BATCH_ROWS = 20_000;
const BATCH_CHARACTERS = 16 * 1024 * 1024;
/** Rows cross to the server in pieces of about this size. */
const CHUNK_CHARACTERS = 64 * 1024;
/** After this many rows the loop looks at what else there is: the answer of the other engine. */
const BREATH_ROWS = 10_000;

export interface MoveInput {
  readonly dataDir: string;
  /** URL of the PostgreSQL database. */
  readonly to: string;
  /** As configured; null: the one in the data folder. */
  readonly secretKey: string | null;
  readonly show: MoveProgress;
}

/** Told how the move goes on. */
export interface MoveProgress {
  /** A table is next; `done` of its `total` rows were copied before, or compared for the second step. */
  table(step: 'copy' | 'compare', name: string, total: number, done: number): void;
  /** So many of its rows are done now. */
  rows(done: number): void;
  compared(tables: readonly ComparedTable[]): void;
}

export interface ComparedTable {
  readonly name: string;
  /** Rows to copy, and rows that are there. */
  readonly from: number;
  readonly to: number;
  /** Whether the sums of the fingerprints of all rows are the same. */
  readonly isEqual: boolean;
}

export type MoveResult =
  /** The copy differs; the move stays unfinished. */
  | { readonly kind: 'unequal' }
  | {
      /** `known`: it was finished by an earlier call. */
      readonly kind: 'moved' | 'known';
      /** Scopes whose secrets cannot be opened with the given key. */
      readonly sealedOtherwise: readonly string[];
    };

/**
 * Copies an SQLite store into an empty PostgreSQL database, or goes on where an earlier call was
 * interrupted. Throws MoveRefused if it was not begun, any other error if it stopped midway.
 */
export async function moveStore(input: MoveInput): Promise<MoveResult> {
  const { dataDir, to, show, secretKey } = input;
  const source = await openSource(dataDir);
  let isConnected = false;
  try {
    const keyIds = loadSecretKeys(secretKey, dataDir).map(keyIdOf);
    const kind = await onceConnected(to, (client) => {
      isConnected = true;
      return move(source, client, databaseName(to), show);
    });
    return kind === 'unequal'
      ? { kind }
      : { kind, sealedOtherwise: source.secretsSealedOtherwise(keyIds) };
  } catch (error) {
    if (isConnected) throw error;
    throw new MoveRefused(`The database cannot be used: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    source.close();
  }
}

/**
 * The order keeps every moment safe: the target is looked at, the source is marked, the target gets
 * its first row; it becomes usable in one transaction, of which the source is told last.
 */
async function move(
  source: Source,
  client: Client,
  to: string,
  show: MoveProgress,
): Promise<MoveResult['kind']> {
  const state = await inspectTarget(client, source.tables, source.mark?.id);
  const mark = admitted(source.mark, state, to);
  if (state !== 'finished') {
    if (!source.mark) await source.setMark(mark);
    failpoint('move:marked');
    await copyTables(source, client, mark, show);
    const compared = await compareTables(source, client, mark.startedAt, show);
    show.compared(compared);
    if (compared.some((table) => table.from !== table.to || !table.isEqual)) return 'unequal';
    await finishTarget(client, mark.id, source);
    failpoint('move:finished');
  }
  await source.setMark({ ...mark, finishedAt: mark.finishedAt ?? Date.now() });
  return state === 'finished' ? 'known' : 'moved';
}

/** The mark of this move, new or that of the earlier call; refuses what would be a second copy. */
function admitted(
  mark: MoveMark | undefined,
  state: 'empty' | 'begun' | 'finished',
  to: string,
): MoveMark {
  if (!mark) return { id: randomUUID(), to, startedAt: Date.now(), finishedAt: null };
  const giveUp = 'To start anew with another database, run `posthorn-server reopen` first.';
  if (mark.finishedAt !== null && state !== 'finished')
    throw new MoveRefused(`The store was moved to ${mark.to} already. ${giveUp}`);
  if (mark.to !== to && state === 'empty')
    throw new MoveRefused(`The store is being moved to ${mark.to}. ${giveUp}`);
  return mark;
}

async function copyTables(
  source: Source,
  client: Client,
  { id, startedAt }: MoveMark,
  show: MoveProgress,
): Promise<void> {
  let progress = await beginTarget(client, source, id);
  failpoint('move:begun');
  const first = source.tables.findIndex(({ name }) => name === progress.table);
  for (const table of source.tables.slice(Math.max(first, 0))) {
    const done = progress.table === table.name ? progress.rows : 0;
    const after = progress.table === table.name ? progress.after : null;
    show.table('copy', table.name, source.count(table), done);
    const rows = source.rowsAfter(table, after, startedAt)[Symbol.iterator]();
    for (const batch of batches(table, rows, { id, after, rows: done })) {
      progress = await copyBatch(client, table, { from: progress, ...batch });
      show.rows(progress.rows);
    }
  }
}

interface Batch {
  readonly lines: Iterable<Buffer>;
  /** The progress with this batch; known when its lines are over. */
  readonly next: () => Progress;
}

/** Cuts the rows into batches; each is read while it is copied, and before the next one. */
function* batches(
  table: Table,
  rows: Iterator<Row>,
  start: Omit<Progress, 'table'>,
): Generator<Batch> {
  const keyAt = table.key.map((name) => table.columns.findIndex((column) => column.name === name));
  let progress: Progress = { ...start, table: table.name };
  let upcoming = rows.next();
  while (!upcoming.done) yield { lines: lines(), next: () => progress };

  function* lines(): Generator<Buffer> {
    let chunk = '';
    let characters = 0;
    let last: Row | undefined;
    let taken = 0;
    while (!upcoming.done && taken < BATCH_ROWS && characters < BATCH_CHARACTERS) {
      last = upcoming.value;
      const line = copyLine(table, last);
      chunk += line;
      characters += line.length;
      taken++;
      if (chunk.length >= CHUNK_CHARACTERS) {
        yield Buffer.from(chunk);
        chunk = '';
      }
      upcoming = rows.next();
    }
    if (chunk !== '') yield Buffer.from(chunk);
    if (!last) return;
    progress = { ...progress, after: keyAt.map((at) => last[at]!), rows: progress.rows + taken };
  }
}

/** Reads both stores again from the beginning, both at the same time, and sums up what is there. */
async function compareTables(
  source: Source,
  client: Client,
  movedAt: number,
  show: MoveProgress,
): Promise<ComparedTable[]> {
  const compared: ComparedTable[] = [];
  for (const table of source.tables) {
    show.table('compare', table.name, source.count(table), 0);
    const [here, there] = await Promise.all([
      sumRows(table, source.allRows(table, movedAt), show),
      sumTable(client, table),
    ]);
    compared.push({
      name: table.name,
      from: here.rows,
      to: there.rows,
      isEqual: here.sum === there.sum,
    });
  }
  return compared;
}

async function sumRows(
  table: Table,
  all: Iterable<Row>,
  show: MoveProgress,
): Promise<{ rows: number; sum: number }> {
  let rows = 0;
  let sum = 0;
  for (const row of all) {
    sum = (sum + fingerprint(table, row)) % FINGERPRINTS;
    if (++rows % BREATH_ROWS > 0) continue;
    show.rows(rows);
    await others();
  }
  return { rows, sum };
}

/** Gives an SQLite store that was moved, or is being moved, back to the service. */
export async function reopenStore({ dataDir }: { dataDir: string }): Promise<MoveMark | undefined> {
  const source = await openSource(dataDir);
  try {
    await source.setMark(null);
    return source.mark;
  } finally {
    source.close();
  }
}

/** `db.internal:5432/posthorn`: what tells a database from others, without user and password. */
function databaseName(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || '5432'}${pathname}`;
}

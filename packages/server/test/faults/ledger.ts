import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** A file of entries, a line of JSON each, that is only ever added to. */
export interface Ledger<Entry> {
  /** Resolves when the entry is in the file, and on disk if the ledger syncs. */
  append(entry: Entry): Promise<void>;
  /** Resolves when all that was appended is in the file. */
  written(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a ledger. With `sync`, what `append` resolved for outlives the machine: entries that come
 * while a sync runs share the next one.
 */
export async function openLedger<Entry>(
  path: string,
  { sync }: { readonly sync: boolean },
): Promise<Ledger<Entry>> {
  const file = await open(path, 'a');
  let lines: string[] = [];
  let next: Promise<void> | null = null;
  let writing = Promise.resolve();

  return {
    append(entry) {
      lines.push(JSON.stringify(entry));
      if (!next) {
        next = writing.then(write);
        writing = next;
      }
      return next;
    },
    written: () => writing,
    async close() {
      await writing;
      await file.close();
    },
  };

  async function write(): Promise<void> {
    const text = `${lines.join('\n')}\n`;
    lines = [];
    next = null;
    await file.appendFile(text);
    if (sync) await file.datasync();
  }
}

/** All entries of a ledger that is written, in their order. */
export async function readLedger<Entry>(path: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  for await (const line of lines) entries.push(JSON.parse(line) as Entry);
  return entries;
}

/** Milliseconds by the one clock that all threads and processes share and that nobody can set. */
export function instant(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

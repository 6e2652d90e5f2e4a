import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { decodeKeys } from '../config/formats.ts';

/** Where the keys are kept unless they are configured: one per line, the first seals. */
export function secretKeyFile(dataDir: string): string {
  return join(dataDir, 'secret.key');
}

/**
 * The configured keys, or those kept in the data folder, of which one is made at the first start.
 * The file is readable by its owner only; without it the secrets in the store cannot be opened.
 *
 * Called by the one process that holds the folder.
 */
export function loadSecretKeys(configured: string | null, dataDir: string): readonly Buffer[] {
  if (configured !== null) return decodeKeys(configured)!;
  const file = secretKeyFile(dataDir);
  if (!existsSync(file)) writeKeyFile(file, [randomBytes(32)]);
  return readKeyFile(file);
}

/** Throws a sentence if the file is not there or holds something else. */
export function readKeyFile(file: string): readonly Buffer[] {
  const keys = decodeKeys(readFileSync(file, 'utf8'));
  if (!keys) throw new Error(`${file} does not hold keys of 32 bytes, one per line`);
  return keys;
}

/** Makes a key and puts it before those that are there. The next start seals with it. */
export function addKeyFirst(file: string): readonly Buffer[] {
  const keys = [randomBytes(32), ...readKeyFile(file)];
  writeKeyFile(file, keys);
  return keys;
}

/**
 * The file gets its name when its content is on the disk: a process that dies here, or a disk that
 * is full, leaves no half of a key that would keep every later start from working.
 */
function writeKeyFile(file: string, keys: readonly Buffer[]): void {
  const unnamed = `${file}.new`;
  const content = keys.map((key) => `${key.toString('hex')}\n`).join('');
  writeFileSync(unnamed, content, { mode: 0o600, flush: true });
  renameSync(unnamed, file);
  const folder = openSync(dirname(file), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

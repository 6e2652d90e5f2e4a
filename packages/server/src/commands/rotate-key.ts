import { existsSync } from 'node:fs';
import { ROTATE_KEY_OPTIONS, SQLITE_URL } from '../config/options.ts';
import { readOptions } from '../config/read.ts';
import { keyIdOf } from '../settings/secret-box.ts';
import {
  addKeyFirst,
  loadSecretKeys,
  readKeyFile,
  secretKeyFile,
} from '../settings/secret-keys.ts';
import { countSealed, type SealedCount } from '../store/sealed-counts.ts';
import { type Command, listOptions } from './command.ts';

/** Another key for the secrets at rest: makes it where it is kept in a file, and shows how far it is. */
export const rotateKey: Command = {
  usage: `posthorn-server rotate-key [--data-dir ./data]

Changes the key that encrypts the secrets at rest, while the service may run. Where the key is kept
in the data folder, a new one is made and put first; at its next start the service seals with it,
and within a minute seals anew what the old one sealed. Shows how many secrets each key still seals,
and changes nothing while the folder has more than one key or POSTHORN_SECRET_KEY is set.

${listOptions(ROTATE_KEY_OPTIONS)}

Exit codes: 0 done, 1 it failed, 2 refused and nothing was changed.
`,
  async run({ environment, flags }) {
    const options = readOptions(ROTATE_KEY_OPTIONS, { environment, flags });
    const { secretKey, dataDir } = options;
    const databaseUrl = options.databaseUrl === SQLITE_URL ? null : options.databaseUrl;
    const file = secretKeyFile(dataDir);
    if (secretKey === null && (databaseUrl !== null || !existsSync(file))) {
      process.stderr.write(
        `There is no key: ${file} does not exist and POSTHORN_SECRET_KEY is not set.\n`,
      );
      return 2;
    }
    try {
      const counts = await countSealed(databaseUrl, dataDir);
      const isNew = secretKey === null && readKeyFile(file).length === 1;
      if (isNew) addKeyFirst(file);
      const [first = '', ...old] = loadSecretKeys(secretKey, dataDir).map(keyIdOf);
      process.stdout.write(table(first, old, counts));
      process.stdout.write(
        whatNext({ old, counts, isNew, file: secretKey === null ? file : null }),
      );
      return 0;
    } catch (error) {
      process.stderr.write(`The keys cannot be looked at: ${(error as Error).message}\n`);
      return 1;
    }
  },
};

function table(first: string, old: readonly string[], counts: readonly SealedCount[]): string {
  const sealedBy = (keyId: string) => counts.find((one) => one.keyId === keyId)?.secrets ?? 0;
  const missing = counts
    .map(({ keyId }) => keyId)
    .filter((id) => id !== first && !old.includes(id));
  const line = (keyId: string, is: string) =>
    `${keyId.padEnd(12)}  ${String(sealedBy(keyId)).padStart(7)}  ${is}\n`;
  return [
    'key           secrets\n',
    line(first, 'the first: it seals'),
    ...old.map((keyId) => line(keyId, 'opens')),
    ...missing.map((keyId) => line(keyId, 'missing: what it seals cannot be opened')),
  ].join('');
}

interface Standing {
  readonly old: readonly string[];
  readonly counts: readonly SealedCount[];
  readonly isNew: boolean;
  /** Null: the keys are configured. */
  readonly file: string | null;
}

function whatNext({ old, counts, isNew, file }: Standing): string {
  if (isNew)
    return `\nA new key stands first in ${file}. Copy the file to where you keep its copy, then start the
service anew: it seals with the new key, and within a minute anew what the old one sealed.
Run this again to see how far it is.\n`;
  if (old.length === 0)
    return `\nTo change the key, set POSTHORN_SECRET_KEY to NEW,OLD (openssl rand -hex 32 makes one). With more
than one node, give all of them OLD,NEW before that, so that each can open what another seals.\n`;
  if (counts.some(({ keyId }) => old.includes(keyId)))
    return '\nThe running service seals anew what old keys sealed, within a minute of its start.\n';
  return `\nNo secret is sealed with an old key. Once the service has been started with the new one, take the
old one out of ${file ?? 'POSTHORN_SECRET_KEY'}, and keep it for as long as you keep backups from before.\n`;
}

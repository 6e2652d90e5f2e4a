import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MOVE_OPTIONS } from '../config/options.ts';
import { readOptions } from '../config/read.ts';
import { moveStore } from '../move/move.ts';
import { MoveRefused } from '../move/refused.ts';
import { showMove } from '../move/show.ts';
import { type Command, listOptions } from './command.ts';

/** From one process to several: copies the SQLite store into PostgreSQL. */
export const move: Command = {
  usage: `posthorn-server move --to postgres://user:password@host/database [--data-dir ./data]

Copies an SQLite store completely into an empty PostgreSQL database: settings, secrets, events,
deliveries, attempts, under the ids they have. Stop the service first. If the move is interrupted,
the same command goes on where it stopped. Afterwards the service runs on PostgreSQL with the same
secret key, and the SQLite store stays as it was; posthorn-server reopen returns to it.

${listOptions(MOVE_OPTIONS)}

Exit codes: 0 moved, 1 stopped midway or the copy differs, 2 refused and nothing was changed.
`,
  async run({ environment, flags }) {
    const { to, dataDir, secretKey } = readOptions(MOVE_OPTIONS, { environment, flags });
    const show = showMove(process.stdout);
    try {
      const result = await moveStore({ to, dataDir, secretKey, show });
      if (result.kind === 'unequal') {
        process.stderr.write(UNEQUAL);
        return 1;
      }
      process.stdout.write(whatNext(dataDir, secretKey, result));
      return 0;
    } catch (error) {
      show.interrupted();
      const { message } = error as Error;
      process.stderr.write(
        error instanceof MoveRefused
          ? `${message}\n`
          : `The move stopped: ${message}. Run the same command again: it goes on where it stopped.\n`,
      );
      return error instanceof MoveRefused ? 2 : 1;
    }
  },
};

const UNEQUAL = `The copy differs from the store, so the move is not finished and nothing will run on it.
Start anew: posthorn-server reopen, then move to another, empty database.
`;

function whatNext(
  dataDir: string,
  secretKey: string | null,
  { kind, sealedOtherwise }: { kind: 'moved' | 'known'; sealedOtherwise: readonly string[] },
): string {
  const file = join(dataDir, 'secret.key');
  const key =
    secretKey === null && existsSync(file)
      ? `the content of ${file}`
      : 'the same key that the service had until now';
  const warning =
    sealedOtherwise.length === 0
      ? ''
      : `
  These secrets cannot be opened with that key, here as little as there: ${sealedOtherwise.join(', ')}.
  If the service had another key, give the nodes that one; else set these secrets again.
`;
  return `
${kind === 'moved' ? 'The store is moved.' : 'The store was moved already; there is nothing left to do.'} Start every node with

  POSTHORN_DATABASE_URL  the address you gave with --to
  POSTHORN_SECRET_KEY    ${key}: the shared secrets are sealed with it
${warning}
The store in ${dataDir} is as it was and keeps as a backup. The service refuses to start on it;
posthorn-server reopen is the way back.
`;
}

import { REOPEN_OPTIONS } from '../config/options.ts';
import { readOptions } from '../config/read.ts';
import { reopenStore } from '../move/move.ts';
import { MoveRefused } from '../move/refused.ts';
import { type Command, listOptions } from './command.ts';

/** The way back from a move: takes away the mark that keeps the service from the old store. */
export const reopen: Command = {
  usage: `posthorn-server reopen [--data-dir ./data]

Gives an SQLite store that was moved to PostgreSQL, or whose move was interrupted, back to the
service, as it was when the move began. Stop the nodes on PostgreSQL first and never start them
on that database again: both stores would give out the same ids.

${listOptions(REOPEN_OPTIONS)}
`,
  async run({ environment, flags }) {
    const { dataDir } = readOptions(REOPEN_OPTIONS, { environment, flags });
    try {
      const mark = await reopenStore({ dataDir });
      process.stdout.write(
        mark
          ? `The store in ${dataDir} can be started again. What happened on ${mark.to} since the move is not in it; do not start a node on that database any more.\n`
          : `The store in ${dataDir} was not moved: nothing to do.\n`,
      );
      return 0;
    } catch (error) {
      if (!(error instanceof MoveRefused)) throw error;
      process.stderr.write(`${error.message}\n`);
      return 2;
    }
  },
};

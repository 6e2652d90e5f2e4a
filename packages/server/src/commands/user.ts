import { SQLITE_URL, USER_OPTIONS } from '../config/options.ts';
import { ConfigError, readOptions } from '../config/read.ts';
import { createPasswords, PASSWORD_LENGTH } from '../people/passwords.ts';
import { emailOf } from '../people/prove.ts';
import { openPostgresStore } from '../store/postgres/open.ts';
import { openSqliteStore } from '../store/sqlite/open.ts';
import type { Store } from '../store/store.ts';
import { SYSTEM } from '../store/who.ts';
import { type Command, listOptions } from './command.ts';
import { readPassword } from './read-password.ts';

/** A person who may sign in, made from the terminal: the first, or one who lets the others in again. */
export const user: Command = {
  usage: `posthorn-server user add --email ada@example.com --name Ada [--role operator] [--locations 7,8]

Makes a person who may sign in, by default an operator. The password is asked for on the terminal, or
read from standard input; it has at least ${PASSWORD_LENGTH.min} characters. Stop a service on SQLite first; on PostgreSQL
it may run.

${listOptions(USER_OPTIONS)}

Exit codes: 0 made, 1 it failed, 2 refused and nothing was changed.
`,
  async run({ environment, flags: [action, ...flags] }) {
    if (action !== 'add') throw new ConfigError(['say what to do: posthorn-server user add']);
    const options = readOptions(USER_OPTIONS, { environment, flags }, problemsTogether);
    const { name, email, role, locations, passwordCost, databaseUrl, dataDir } = options;
    const password = await readPassword(process.stdin, process.stderr);
    const { min, max } = PASSWORD_LENGTH;
    if (password === null || password.length < min || password.length > max) {
      const why =
        password === null ? 'The two differ' : `A password has ${min} to ${max} characters`;
      process.stderr.write(`${why}. Nothing was changed.\n`);
      return 2;
    }
    let store: Store | undefined;
    try {
      store =
        databaseUrl === SQLITE_URL
          ? await openSqliteStore({ dataDir })
          : await openPostgresStore({ url: databaseUrl });
      const made = await store.createPerson({
        name,
        email: emailOf(email),
        role,
        locations: locations.length === 0 ? null : locations.map(Number),
        password: await createPasswords(passwordCost).hash(password),
        by: SYSTEM,
      });
      if (made === 'taken') {
        process.stderr.write(`Somebody has the email ${email} already. Nothing was changed.\n`);
        return 2;
      }
      process.stdout.write(`${made.name} may sign in as ${made.email}, ${made.role}.\n`);
      return 0;
    } catch (error) {
      process.stderr.write(`Nobody was made: ${(error as Error).message}\n`);
      return 1;
    } finally {
      await store?.close();
    }
  },
};

function problemsTogether({
  role,
  locations,
}: {
  role?: string;
  locations?: readonly string[];
}): string[] {
  return role === 'operator' && locations !== undefined && locations.length > 0
    ? ['--locations is not for operators, who have all']
    : [];
}

import type { Person, Role } from '@posthorn/sdk';
import { type Command, Option } from 'commander';
import { showFields, showTable, showText } from '../show.ts';
import { readId } from '../values.ts';
import type { Work } from '../work.ts';

const ROLES: readonly Role[] = ['operator', 'manager', 'viewer'];

interface AddOptions {
  readonly name: string;
  readonly role: Role;
  readonly locations?: number[] | null;
}

export function addPeople(program: Command, { client, show }: Work): void {
  const people = program.command('people').description('people who sign in, for operators');

  people
    .command('list')
    .description('all of them')
    .action(async () => showTable(show(), await client().people.list().take(Infinity), COLUMNS));

  people
    .command('add <email>')
    .description('add a person; they choose a password by the link')
    .requiredOption('--name <name>', 'how the person is called')
    .addOption(
      new Option('--role <role>', 'what the person may do').choices(ROLES).makeOptionMandatory(),
    )
    .option('--locations <ids>', 'such as 7,8; otherwise all', readIds)
    .action(async (email: string, { name, role, locations = null }: AddOptions) => {
      const made = await client().people.create({ email, name, role, locations });
      showFields(show(), made, { id: made.id, link: made.link });
    });

  people
    .command('link <id>')
    .description('make another link, also for a forgotten password')
    .action(async (id: string) => {
      const made = await client().people.link(readId(id));
      showFields(show(), made, { link: made.link });
    });

  people
    .command('remove <id>')
    .description('remove a person and end their sessions')
    .action(async (id: string) => {
      await client().people.remove(readId(id));
      showText(show(), `Person ${id} is removed.`);
    });
}

function readIds(text: string): number[] {
  return text.split(',').map((id) => readId(id.trim()));
}

const COLUMNS = {
  ID: ({ id }: Person) => id,
  NAME: ({ name }: Person) => name,
  EMAIL: ({ email }: Person) => email,
  ROLE: ({ role }: Person) => role,
  LOCATIONS: ({ locations }: Person) => locations?.join(',') ?? null,
  CODE: ({ totp }: Person) => (totp ? 'yes' : 'no'),
  'LAST SIGN-IN': ({ lastSignIn }: Person) => lastSignIn,
};

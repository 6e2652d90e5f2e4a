import type { Action } from '@posthorn/sdk';
import type { Command } from 'commander';
import { showFields, showTable, showText } from '../show.ts';
import type { Work } from '../work.ts';

export function addActions(program: Command, { client, show }: Work): void {
  const actions = program.command('actions').description('what can take place; needs no key');

  actions
    .command('list')
    .description('all actions')
    .action(async () => showTable(show(), await client().actions.list(), COLUMNS));

  actions
    .command('show <action>')
    .description('one action with a sample of its record')
    .action(async (name: string) => {
      const found = await client().actions.get(name);
      showFields(show(), found, {
        value: found.value,
        name: found.name,
        label: found.label,
        record: found.record,
      });
      showText(show(), `\n${JSON.stringify(found.sample, null, 2)}`);
    });
}

const COLUMNS = {
  VALUE: ({ value }: Action) => value,
  NAME: ({ name }: Action) => name,
  LABEL: ({ label }: Action) => label,
  RECORD: ({ record }: Action) => record,
};

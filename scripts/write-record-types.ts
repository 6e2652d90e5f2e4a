// Writes packages/sdk/src/records.ts from the catalogue: a type for each record, and which action
// carries which. Usage: write-record-types.ts [--check]; with --check it only says whether the file
// is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { type Action, loadCatalogue } from '../packages/server/src/catalogue/catalogue.ts';

const FILE = new URL('../packages/sdk/src/records.ts', import.meta.url);

interface FieldSchema {
  readonly type: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly items?: FieldSchema;
}

interface RecordSchema {
  readonly properties: Readonly<Record<string, FieldSchema>>;
  readonly required: readonly string[];
}

const TYPES: Readonly<Record<string, string>> = {
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  string: 'string',
  null: 'null',
  object: 'Readonly<Record<string, unknown>>',
};

const HEAD = `// Written by \`npm run docs\` from the catalogue (packages/server/src/catalogue).
// Times are texts as the platform writes them, in UTC; numbers are JavaScript's, so that integers
// above 2^53 are rounded when a record is parsed.
`;

const catalogue = loadCatalogue();
const actions = catalogue.actions.filter(
  (action): action is Action & { record: string } => action.record !== null,
);
const byRecord = new Map(actions.map((action) => [action.record, action]));

const text = await format(
  [
    HEAD,
    ...[...byRecord].map(([record, action]) => recordType(record, action)),
    `/** The record that each action carries. */
export interface RecordByAction {
${actions.map(({ name, record }) => `readonly ${name}: ${record};`).join('\n')}
}
`,
    '/** The names of all actions. */\nexport type ActionName = keyof RecordByAction;\n',
  ].join('\n'),
  { ...(await resolveConfig(FILE)), parser: 'typescript' },
);

if (!process.argv.includes('--check')) {
  writeFileSync(FILE, text);
} else if (readFileSync(FILE, 'utf8') !== text) {
  console.error('packages/sdk/src/records.ts is not what the catalogue says: run `npm run docs`.');
  process.exitCode = 1;
}

function recordType(record: string, action: Action): string {
  const { properties, required } = catalogue.recordSchema(action) as RecordSchema;
  const carriers = actions.filter((one) => one.record === record).map(({ name }) => name);
  const fields = Object.entries(properties).map(([name, schema]) => {
    const mark = required.includes(name) ? '' : '?';
    const comment = schema.description === undefined ? '' : `/** ${schema.description} */\n`;
    return `${comment}readonly ${name}${mark}: ${typeOf(schema)};`;
  });
  return `/** Carried by ${carriers.join(', ')}. */\nexport interface ${record} {\n${fields.join('\n')}\n}\n`;
}

function typeOf({ type, items }: FieldSchema): string {
  return [type]
    .flat()
    .map((one) => {
      if (one === 'array' && items !== undefined) return `readonly (${typeOf(items)})[]`;
      const found = TYPES[one];
      if (found === undefined) throw new Error(`There is no TypeScript for ${one}.`);
      return found;
    })
    .join(' | ');
}

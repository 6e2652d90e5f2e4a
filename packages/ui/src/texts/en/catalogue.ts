/** What a field holds, as people say it. */
const TYPES: Readonly<Record<string, string>> = {
  integer: 'whole number',
  number: 'number',
  string: 'text',
  boolean: 'true or false',
  object: 'object',
  null: 'null',
  'integer[]': 'list of whole numbers',
  'object[]': 'list of objects',
  'date-time': 'time',
  uuid: 'UUID',
};

export const catalogue = {
  title: 'Catalogue',
  lead: 'Everything that can take place, and the record that is sent then.',
  search: 'Search',
  searchHint: 'invoice, booking, 42 …',
  nothingFits: (words: string) => `No action has “${words}” in its name, label, record or value.`,
  nothingFitsTitle: 'No action fits',
  columns: { label: 'Action', name: 'Name', value: 'Value', record: 'Record' },
  carries: (record: string) => `Carries a record of the type ${record}.`,
  fields: 'Fields of the record',
  field: 'Field',
  type: 'Holds',
  /** `time or null`; a format says more than the type that it is written in. */
  types: (types: readonly string[], format: string | undefined) =>
    types
      .map((type) => (type === 'string' && format !== undefined ? format : type))
      .map((type) => TYPES[type] ?? type)
      .join(' or '),
  optional: 'not always there',
  sample: 'A sample of the record',
  schema: 'The schema of the record',
  back: 'All actions',
  toEvents: 'See its events',
  report: 'Report one by hand',
  noneTitle: 'There is no such action',
};

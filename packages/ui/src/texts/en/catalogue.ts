export const catalogue = {
  title: 'Catalogue',
  lead: 'Everything that can take place, and the record that is sent then.',
  search: 'Search',
  searchHint: 'invoice, booking, 42 …',
  nothingFits: (words: string) => `No action has “${words}” in its name, label, record or value.`,
  nothingFitsTitle: 'No action fits',
  columns: { label: 'Action', name: 'Name', value: 'Value', record: 'Record' },
  facts: (name: string, value: number) => `${name}, value ${value}`,
  sample: 'A sample of the record',
  schema: 'The schema of the record',
  back: 'All actions',
};

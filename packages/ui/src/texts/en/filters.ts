/** What narrows lists. */
export const filters = {
  title: 'Filter',
  any: 'Any',
  clear: 'Clear filters',
  state: 'State',
  action: 'Action',
  noAction: 'No action has this name',
  location: 'Location',
  from: 'From',
  to: 'Before',
};

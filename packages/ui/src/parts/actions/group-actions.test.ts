import { expect, it } from 'vitest';
import { groupActions } from './group-actions.ts';

const action = (value: number, name: string, record: string) => ({
  value,
  name,
  label: name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' '),
  record,
});
const ACTIONS = [
  action(66, 'CoworkerInvoiceLedgerEntryDelete', 'CoworkerAccountEntry'),
  action(16, 'CoworkerInvoiceCreate', 'CoworkerInvoice'),
  action(6, 'BookingCreate', 'Booking'),
  action(21, 'CoworkerInvoicePaid', 'CoworkerInvoice'),
];

const found = (search: string) =>
  groupActions(ACTIONS, search).map(({ record, actions }) => [
    record,
    ...actions.map(({ value }) => value),
  ]);

it('groups all actions by their record, in the order of the alphabet', () => {
  expect(found('')).toEqual([
    ['Booking', 6],
    ['Coworker Account Entry', 66],
    ['Coworker Invoice', 16, 21],
  ]);
});

it.each([
  [
    'invoice',
    [
      ['Coworker Invoice', 16, 21],
      ['Coworker Account Entry', 66],
    ],
  ],
  ['PAID invoice', [['Coworker Invoice', 21]]],
  ['bookingcreate', [['Booking', 6]]],
  [' 66 ', [['Coworker Account Entry', 66]]],
  ['nothing', []],
])('finds by %j, records of that name first', (search, groups) => {
  expect(found(search)).toEqual(groups);
});

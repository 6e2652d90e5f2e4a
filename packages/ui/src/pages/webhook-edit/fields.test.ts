import type { Webhook } from '@posthorn/sdk';
import { expect, it } from 'vitest';
import { changeOf, fieldsOf, inputOf } from './fields.ts';

const webhook: Webhook = {
  id: 1,
  uniqueId: 'u',
  name: 'Accounting',
  actions: ['CoworkerInvoicePaid'],
  url: 'https://hooks.example.com/',
  location: 7,
  description: '',
  concurrency: null,
  app: null,
  active: false,
  state: 'off',
  disabledAt: null,
  disabledReason: null,
  failingSince: null,
  nextProbeAt: null,
  errorCount: 0,
  lastError: null,
  lastTrigger: null,
  createdAt: '',
  updatedAt: '',
};
const fields = fieldsOf(webhook);

it('changes nothing that nobody changed, so that the counts of a webhook stay', () => {
  expect(changeOf(fields, webhook)).toBeNull();
  expect(changeOf({ ...fields, held: 'drop', isEvery: false }, webhook)).toBeNull();
});

it('sends what differs, and with switching on what becomes of what waits', () => {
  expect(changeOf({ ...fields, active: true, held: 'drop' }, webhook)).toEqual({
    active: true,
    held: 'drop',
  });
  expect(changeOf({ ...fields, isEvery: true, isEverywhere: true }, webhook)).toEqual({
    actions: ['*'],
    location: null,
  });
});

it('reads every webhook back as it is', () => {
  const all = { ...webhook, actions: ['*'], location: null, concurrency: 5 };
  expect(inputOf(fieldsOf(all))).toMatchObject({ actions: ['*'], location: null, concurrency: 5 });
});

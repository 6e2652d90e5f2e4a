import { expect, it } from 'vitest';
import { checkRecord, isRefused, lineAt } from './check-record.ts';

const SCHEMA = {
  type: 'object',
  properties: {
    Id: { type: 'integer' },
    Price: { type: ['number', 'null'] },
    Name: { type: 'string' },
    FromTime: { type: 'string', format: 'date-time' },
    UniqueId: { type: ['string', 'null'], format: 'uuid' },
    Tags: { type: 'array', items: { type: 'integer' } },
    Resource: { type: 'object', properties: { Id: { type: 'integer' } }, required: ['Id'] },
  },
  required: ['Id'],
};

const found = (text: string) =>
  checkRecord(text, SCHEMA).map(({ path, problem }) => [path, problem.kind]);

it.each<[string, string[][]]>([
  ['{"Id": 12345678901234567890, "Price": null, "More": {}}', []],
  ['{"Id": 1.0, "FromTime": "2026-11-03T09:30:00Z"}', []],
  ['{"Id": 1, "UniqueId": "0f8fad5b-d9cb-469f-a165-70867728950e", "Tags": []}', []],
  ['{', [['', 'not-json']]],
  ['', [['', 'not-json']]],
  ['[{"Id": 1}]', [['', 'not-an-object']]],
  ['{}', [['Id', 'missing']]],
  ['{"Id": 1.5}', [['Id', 'type']]],
  ['{"Id": null}', [['Id', 'type']]],
  ['{"Id": 1, "Id": 2}', [['Id', 'twice']]],
  ['{"Id": 1, "Price": "4"}', [['Price', 'type']]],
  ['{"Id": 1, "FromTime": "tomorrow"}', [['FromTime', 'format']]],
  ['{"Id": 1, "UniqueId": "7"}', [['UniqueId', 'format']]],
  ['{"Id": 1, "Tags": [1, "2"]}', [['Tags[1]', 'type']]],
  ['{"Id": 1, "Resource": {}}', [['Resource.Id', 'missing']]],
  ['{"Id": 1, "__proto__": 1, "constructor": 2}', []],
])('says what is to be said about %s', (text, expected) => {
  expect(found(text)).toEqual(expected);
});

it('names the line, and tells what cannot be reported from what differs', () => {
  const text = '{\n  "Id": 1,\n  "Name": 7\n}';
  const [finding] = checkRecord(text, SCHEMA);
  expect(lineAt(text, finding!.at)).toBe(3);
  expect(isRefused(finding!)).toBe(false);
  expect(isRefused(checkRecord('1', SCHEMA)[0]!)).toBe(true);
});

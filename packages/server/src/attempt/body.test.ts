import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeBody } from './body.ts';

const textOf = (record: string) => composeBody(Buffer.from(record)).toString('latin1');

describe('the body of a call', () => {
  const untouched = [
    '{"Id":12345678901234567890}',
    '{"Price":1.10,"Big":1e400,"Small":-0.0e-0}',
    '{"a":1,"a":2,"b":{"b":1,"b":[]}}',
    '{"nul":"\\u0000","lone":"\\ud800","upper":"\\u00E9","slash":"\\/"}',
    ' {\r\n\t"spaced" : [ ]\n} ',
    '"text"',
    'null',
    '{"__proto__":{"constructor":1}}',
    '{"del":"\x7f"}',
  ];
  it.each(untouched)('keeps every byte of %j', (record) => {
    expect(textOf(record)).toBe(`[${record}]`);
  });

  const escaped: [record: string, body: string][] = [
    ['{"Name":"José"}', '[{"Name":"Jos\\u00e9"}]'],
    ['{"é":"€"}', '[{"\\u00e9":"\\u20ac"}]'],
    ['["😀"]', '[["\\ud83d\\ude00"]]'],
    ['["\u0080\u2028\u2029\uffff"]', '[["\\u0080\\u2028\\u2029\\uffff"]]'],
    [
      '{"n":1.10,"n":12345678901234567890,"t":"\\u00E9ü"}',
      '[{"n":1.10,"n":12345678901234567890,"t":"\\u00E9\\u00fc"}]',
    ],
  ];
  it.each(escaped)('escapes only what is outside ASCII in %j', (record, body) => {
    expect(textOf(record)).toBe(body);
  });

  it('is ASCII and parses to an array of the record, whatever the record', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const record = JSON.stringify(value);
        const body = composeBody(Buffer.from(record));
        expect(body.every((byte) => byte < 0x80)).toBe(true);
        expect(JSON.parse(body.toString('latin1'))).toStrictEqual([JSON.parse(record)]);
      }),
      { numRuns: 200 },
    );
  });

  it('reads a record that is a part of a larger buffer', () => {
    const whole = Buffer.from('xx{"a":"é"}yy');
    expect(composeBody(whole.subarray(2, -2)).toString('latin1')).toBe('[{"a":"\\u00e9"}]');
    expect(composeBody(new Uint8Array(Buffer.from('{}'))).toString('latin1')).toBe('[{}]');
  });
});

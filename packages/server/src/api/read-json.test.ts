import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from './problem.ts';
import { readJson } from './read-json.ts';

const read = (text: string) => readJson(Buffer.from(text));

function problemOf(bytes: Buffer): Pick<AppError, 'code' | 'field'> {
  try {
    readJson(bytes);
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, field: error.field };
    throw error;
  }
  throw new Error('it was read');
}

describe('the body of a setting', () => {
  test('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes(String.raw`\u0000`) && !/\\ud[89a-f]/.test(text));
        expect(read(text)).toStrictEqual(JSON.parse(text));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['{"a":1,"a":2}', 'a'],
    ['{"a":1,"b":{"c":1},"a":2}', 'a'],
    ['[{"a":{"b":[{"c":1,"d":"{","c":2}]}}]', 'c'],
    [String.raw`{"a":1,"\u0061":2}`, 'a'],
    [String.raw`{"\\":1,"\u005c" :2}`, '\\'],
    ['{"":1,"":2}', ''],
  ])('with a key twice is refused: %s', (text, field) => {
    expect(problemOf(Buffer.from(text))).toStrictEqual({ code: 'invalid_request', field });
  });

  test.each([
    '[{"a":1},{"a":1}]',
    '{"a":{"a":{"a":1}}}',
    String.raw`{"a":"\",\"a\":","b":"a"}`,
    '{"a":"a:","b":["a","a"]}',
  ])('with a key in several objects is read: %s', (text) => {
    expect(read(text)).toStrictEqual(JSON.parse(text));
  });

  test.each([
    [Buffer.from(String.raw`{"a":"x\u0000"}`), 'invalid_request', 'a'],
    [Buffer.from(String.raw`{"a":["\udc00"]}`), 'invalid_request', '0'],
    [Buffer.from('{"a":'), 'invalid_json', undefined],
    [Buffer.from(''), 'invalid_json', undefined],
    [Buffer.from('7b2261223a22ff227d', 'hex'), 'invalid_utf8', undefined],
    [Buffer.from('['.repeat(65) + ']'.repeat(65)), 'too_deep', undefined],
  ])('%s is refused', (bytes, code, field) => {
    expect(problemOf(bytes)).toStrictEqual({ code, field });
  });
});

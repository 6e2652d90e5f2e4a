import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type JsonNode, readJson, readPlacedJson } from './read-json.ts';

it('keeps the digits of numbers, the order of fields, and keys that stand twice', () => {
  expect(readJson('{"b":12345678901234567890,"2":1.10,"1":-0,"b":1E400}')).toEqual({
    kind: 'object',
    fields: [
      ['b', { kind: 'number', text: '12345678901234567890' }],
      ['2', { kind: 'number', text: '1.10' }],
      ['1', { kind: 'number', text: '-0' }],
      ['b', { kind: 'number', text: '1E400' }],
    ],
  });
});

it('reads what JSON.parse reads, and refuses what it refuses', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string(), mangled()), (text) => {
      const node = readJson(text);
      if (node === null) expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
      else expect(valueOf(node)).toEqual(JSON.parse(text));
    }),
    { numRuns: 2000 },
  );
});

it.each(['', ' ', '{', '[1,]', '{"a":1,}', '{"a" 1}', '01', '"\n"', '[1] 2', '{}x', "'a'", 'nul'])(
  'refuses %j',
  (text) => {
    expect(readJson(text)).toBeNull();
  },
);

it.each([
  ['{"a": 1,\n "b": x}', 15],
  ['{"a": 1,}', 8],
  ['{"a": 1', 7],
  ['{"a" 1}', 5],
  ['{"a": "\\q"}', 6],
  ['{} {}', 3],
  ['  ', 2],
])('says where %j stops being JSON', (text, brokenAt) => {
  expect(readPlacedJson(text)).toEqual({ root: null, brokenAt });
});

it('says where every value begins', () => {
  const text = ' { "a": [ 1, "b" ], "c": null }';
  const placed = readPlacedJson(text);
  const places = placed.root === null ? [] : [...placed.places];
  expect(places.map(([{ kind }, at]) => [kind, text.slice(at, at + 3)])).toEqual([
    ['number', '1, '],
    ['string', '"b"'],
    ['array', '[ 1'],
    ['null', 'nul'],
    ['object', '{ "'],
  ]);
});

it('reads a string of 200 kB, and refuses nesting that would break a page', () => {
  const long = 'x'.repeat(200_000);
  expect(readJson(JSON.stringify(long))).toEqual({ kind: 'string', value: long });
  expect(readJson('['.repeat(201) + ']'.repeat(201))?.kind).toBe('array');
  expect(readJson('['.repeat(100_000))).toBeNull();
});

/** JSON with one character more or less. */
function mangled() {
  return fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '\\', '{', ']', '0', '\n'))
    .map(([text, at, insert]) => {
      const cut = at % (text.length + 1);
      return text.slice(0, cut) + insert + text.slice(cut + (insert === '' ? 1 : 0));
    });
}

function valueOf(node: JsonNode): unknown {
  switch (node.kind) {
    case 'object': {
      const value: Record<string, unknown> = {};
      for (const [key, of] of node.fields) {
        Object.defineProperty(value, key, {
          value: valueOf(of),
          enumerable: true,
          configurable: true,
          writable: true,
        });
      }
      return value;
    }
    case 'array':
      return node.items.map(valueOf);
    case 'string':
      return node.value;
    case 'number':
    case 'boolean':
    case 'null':
      return JSON.parse(node.text) as unknown;
  }
}

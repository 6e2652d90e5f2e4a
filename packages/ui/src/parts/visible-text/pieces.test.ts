import fc from 'fast-check';
import { expect, it } from 'vitest';
import { piecesOf } from './pieces.ts';

it.each([
  ['plain text\nin two lines\twith a tab', [{ text: 'plain text\nin two lines\twith a tab' }]],
  ['HTTP\r\nend\r', [{ text: 'HTTP\r\nend' }, { hidden: 'U+000D' }]],
  ['a\0b', [{ text: 'a' }, { hidden: 'U+0000' }, { text: 'b' }]],
  ['invoice\u202Efdp.exe', [{ text: 'invoice' }, { hidden: 'U+202E' }, { text: 'fdp.exe' }]],
  ['\u001B[2J', [{ hidden: 'U+001B' }, { text: '[2J' }]],
  ['pay\u200Bpal', [{ text: 'pay' }, { hidden: 'U+200B' }, { text: 'pal' }]],
  ['\uD800', [{ hidden: 'U+D800' }]],
  ['שלום 😀', [{ text: 'שלום 😀' }]],
  ['', []],
])('shows what is hidden in %j', (text, pieces) => {
  expect(piecesOf(text)).toEqual(pieces);
});

it('leaves nothing out and adds nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const back = piecesOf(text)
        .map((piece) =>
          'text' in piece
            ? piece.text
            : String.fromCodePoint(Number.parseInt(piece.hidden.slice(2), 16)),
        )
        .join('');
      expect(back).toBe(text);
    }),
  );
});

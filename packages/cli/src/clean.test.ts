import { describe, expect, test } from 'vitest';
import { clean, inOneLine } from './clean.ts';

describe('clean', () => {
  test.each([
    ['colour', '\u001b[31mred\u001b[0m', 'red'],
    ['a title', '\u001b]0;owned\u0007text', 'text'],
    ['a title that ends by ST', '\u001b]2;owned\u001b\\text', 'text'],
    ['a link', '\u001b]8;;http://example.com\u001b\\here\u001b]8;;\u001b\\', 'here'],
    ['an unfinished sequence', 'a\u001b[', 'a['],
    ['C1 controls', 'a\u009b31mb', 'a31mb'],
    ['what writes over the line', 'good\r bad\b\u007f', 'good bad'],
    ['what turns the direction', 'a\u202eb\u2066c', 'abc'],
    ['a sequence inside another one', '\u001b[3\u001b[0m1mx', '[31mx'],
    ['tabs, lines and words of any language', 'ä\t猫\n🦊', 'ä\t猫\n🦊'],
  ])('%s', (_case, text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  test('leaves one line where a table needs one', () => {
    expect(inOneLine(' a\n\tb \u001b[2J')).toBe('a b');
  });
});

import { expect, it } from 'vitest';
import { clean } from './clean.ts';
import { keepHeaders } from './response-headers.ts';

it('headers are kept in order, one pair for each value, and a long value is cut', () => {
  expect(
    keepHeaders({ server: 'x', via: ['a', 'b'], 'x-long': 'a'.repeat(2_000) } as never),
  ).toEqual(['server', 'x', 'via', 'a', 'via', 'b', 'x-long', 'a'.repeat(1_024)]);
});

it('headers are kept up to 8 KiB and up to 100', () => {
  const headersOf = (count: number, value: string) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, value]));

  const large = keepHeaders(headersOf(90, 'a'.repeat(100)));
  expect(large.join('').length).toBeLessThanOrEqual(8_192);
  expect(large.join('').length).toBeGreaterThan(8_000);
  expect(keepHeaders(headersOf(2_000, 'a'))).toHaveLength(200);
  expect(keepHeaders({ via: Array(2_000).fill('a') } as never)).toHaveLength(200);
});

it('cookies and credentials of the receiver are not kept', () => {
  expect(keepHeaders({ 'set-cookie': ['session=1'], date: 'today' })).toEqual(['date', 'today']);
});

it('text of the receiver is cleaned to one printable line of the length it may have', () => {
  expect(clean('plain', 10)).toBe('plain');
  expect(clean('a\r\n\x1b[31mb\x00é', 20)).toBe('a?[31mb?');
  expect(clean('a'.repeat(50), 10)).toBe('aaaaaaa...');
});

import { expect, it } from 'vitest';
import { clean } from './clean.ts';
import { keepHeaders } from './response-headers.ts';

it('headers are kept in order, one pair for each value, and a long value is cut', () => {
  expect(
    keepHeaders({ server: 'x', via: ['a', 'b'], 'x-long': 'a'.repeat(2_000) } as never),
  ).toEqual(['server', 'x', 'via', 'a', 'via', 'b', 'x-long', 'a'.repeat(1_024)]);
});

it('headers are kept up to 8 KiB in all', () => {
  const headers = Object.fromEntries(
    Array.from({ length: 2_000 }, (_, index) => [`x-${index}`, 'value']),
  );
  const kept = keepHeaders(headers);
  expect(kept.join('').length).toBeLessThanOrEqual(8_192);
  expect(kept.join('').length).toBeGreaterThan(8_100);
  expect(kept.length % 2).toBe(0);
});

it('cookies and credentials of the receiver are not kept', () => {
  expect(keepHeaders({ 'set-cookie': ['session=1'], date: 'today' })).toEqual(['date', 'today']);
});

it('text of the receiver is cleaned to one printable line of the length it may have', () => {
  expect(clean('plain', 10)).toBe('plain');
  expect(clean('a\r\n\x1b[31mb\x00é', 20)).toBe('a?[31mb?');
  expect(clean('a'.repeat(50), 10)).toBe('aaaaaaa...');
});

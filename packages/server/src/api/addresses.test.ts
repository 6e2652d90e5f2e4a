import { expect, it } from 'vitest';
import { countedAs } from './addresses.ts';

it.each([
  ['93.184.215.14', '93.184.215.14'],
  ['::ffff:93.184.215.14', '93.184.215.14'],
  ['2606:2800:220:1::1', '2606:2800:220:1::/64'],
  ['2606:2800:220:1:ffff:ffff:ffff:ffff', '2606:2800:220:1::/64'],
  ['2606:2800:220:2::1', '2606:2800:220:2::/64'],
  ['fe80::1%eth0', 'fe80::/64'],
  ['', ''],
])('%s is counted as %s', (address, expected) => {
  expect(countedAs(address)).toBe(expected);
});

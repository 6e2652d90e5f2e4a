import { isIP } from 'node:net';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, test } from 'vitest';
import { isCloudMetadata, isInNetwork, isPublic, parseAddress, parseNetwork } from './addresses.ts';

function isPublicText(text: string): boolean {
  const address = parseAddress(text);
  return address !== null && isPublic(address);
}

const ipv4 = (bits: number | bigint): string =>
  [24n, 16n, 8n, 0n].map((shift) => (BigInt(bits) >> shift) & 0xffn).join('.');
const ipv6 = (bits: bigint): string =>
  [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n]
    .map((shift) => ((bits >> shift) & 0xffffn).toString(16))
    .join(':');
const hex4 = (bits: number): string =>
  `${(bits >>> 16).toString(16)}:${(bits & 0xffff).toString(16)}`;

/** What lies outside, so that no edge of the table in the code is its own proof. */
const PUBLIC_NEIGHBOURS: readonly (readonly [
  network: string,
  below: string | null,
  above: string | null,
])[] = [
  ['0.0.0.0/8', null, '1.0.0.0'],
  ['10.0.0.0/8', '9.255.255.255', '11.0.0.0'],
  ['100.64.0.0/10', '100.63.255.255', '100.128.0.0'],
  ['127.0.0.0/8', '126.255.255.255', '128.0.0.0'],
  ['168.63.129.16/32', '168.63.129.15', '168.63.129.17'],
  ['169.254.0.0/16', '169.253.255.255', '169.255.0.0'],
  ['172.16.0.0/12', '172.15.255.255', '172.32.0.0'],
  ['192.0.0.0/24', '191.255.255.255', '192.0.1.0'],
  ['192.0.2.0/24', '192.0.1.255', '192.0.3.0'],
  ['192.31.196.0/24', '192.31.195.255', '192.31.197.0'],
  ['192.52.193.0/24', '192.52.192.255', '192.52.194.0'],
  ['192.88.99.0/24', '192.88.98.255', '192.88.100.0'],
  ['192.168.0.0/16', '192.167.255.255', '192.169.0.0'],
  ['192.175.48.0/24', '192.175.47.255', '192.175.49.0'],
  ['198.18.0.0/15', '198.17.255.255', '198.20.0.0'],
  ['198.51.100.0/24', '198.51.99.255', '198.51.101.0'],
  ['203.0.113.0/24', '203.0.112.255', '203.0.114.0'],
  ['224.0.0.0/3', '223.255.255.255', null],
  ['::/3', null, '2000::'],
  ['2001::/23', '2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2001:200::'],
  ['2001:db8::/32', '2001:db7:ffff:ffff:ffff:ffff:ffff:ffff', '2001:db9::'],
  ['2002::/16', '2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2003::'],
  ['2620:4f:8000::/48', '2620:4f:7fff:ffff:ffff:ffff:ffff:ffff', '2620:4f:8001::'],
  ['3fff::/20', '3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '3fff:1000::'],
  ['4000::/2', '3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', null],
  ['8000::/1', null, null],
];

describe('public addresses', () => {
  test.each(PUBLIC_NEIGHBOURS)('are around %s and not in it', (network, below, above) => {
    const { family, bits, prefix } = parseNetwork(network);
    const size = family === 4 ? 32 : 128;
    const last = bits + (1n << BigInt(size - prefix)) - 1n;
    const edges = [bits, bits + 1n, last - 1n, last].filter((edge) => edge >= bits && edge <= last);
    expect(edges.filter((edge) => isPublic({ family, bits: edge }))).toEqual([]);
    expect(below === null || isPublicText(below)).toBe(true);
    expect(above === null || isPublicText(above)).toBe(true);
  });

  test('have the same verdict in every spelling that stands for an IPv4 address', () => {
    const spellings = (bits: number): readonly string[] => [
      `::ffff:${ipv4(bits)}`,
      `::ffff:${hex4(bits)}`,
      `0:0:0:0:0:FFFF:${hex4(bits)}`,
      `64:ff9b::${ipv4(bits)}`,
      `64:ff9b::${hex4(bits)}`,
    ];
    const edges = PUBLIC_NEIGHBOURS.flatMap(([network, below, above]) => [
      network.replace(/\/.*/, ''),
      below,
      above,
    ])
      .filter((text) => text !== null && !text.includes(':'))
      .map((text) => Number(parseAddress(text as string)?.bits));
    const check = (bits: number): void => {
      const verdict = isPublicText(ipv4(bits));
      for (const spelling of spellings(bits)) expect(isPublicText(spelling)).toBe(verdict);
    };
    for (const bits of edges) check(bits);
    fc.assert(fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), check), { numRuns: 5_000 });
  });

  test('of IPv6 lie in 2000::/3', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), (bits) => {
        const address = parseAddress(ipv6(bits));
        if (address?.family !== 6 || bits >> 125n === 1n) return;
        expect(isPublic(address)).toBe(false);
      }),
      { numRuns: 5_000 },
    );
  });

  test('are unicast for ipaddr.js as well, but for the two ranges that are unwrapped', () => {
    const special = fc.constantFrom(
      ...PUBLIC_NEIGHBOURS.map(([network]) => parseNetwork(network)),
      ...['5f00::/16', '100::/64', '64:ff9b:1::/48', 'fec0::/10', '2001::/16'].map(parseNetwork),
    );
    const near = fc
      .tuple(special, fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }))
      .map(([{ family, bits, prefix }, noise]) => {
        const size = family === 4 ? 32n : 128n;
        const inside = bits | (noise & ((1n << (size - BigInt(prefix))) - 1n));
        return family === 4 ? ipv4(inside) : ipv6(inside);
      });
    const any4 = fc.integer({ min: 0, max: 0xffff_ffff }).map(ipv4);
    const any6 = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }).map(ipv6);
    fc.assert(
      fc.property(fc.oneof(near, any4, any6), (text) => {
        const parsed = ipaddr.parse(text);
        if (parsed.range() === 'unicast') return;
        const isUnwrapped =
          parsed.kind() === 'ipv6' &&
          ['::ffff:0:0/96', '64:ff9b::/96'].some((cidr) => parsed.match(ipaddr.parseCIDR(cidr)));
        expect(isUnwrapped || !isPublicText(text)).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });

  test('are read in every spelling that Node connects to', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV6(), fc.ipV4()), (text) => {
        expect(isIP(text) === 0 || parseAddress(text) !== null).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  test('carry no private IPv4 address to an ISATAP gateway', () => {
    expect(isPublicText('2607:f8b0::5efe:8.8.8.8')).toBe(true);
    expect(isPublicText('2607:f8b0::200:5efe:8.8.8.8')).toBe(true);
    expect(isPublicText('2607:f8b0::5efe:10.0.0.1')).toBe(false);
    expect(isPublicText('2607:f8b0::200:5efe:169.254.169.254')).toBe(false);
  });
});

test.each([
  '169.254.169.254',
  '169.254.0.0',
  '169.254.255.255',
  '168.63.129.16',
  '100.100.100.200',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  'fd00:c1::a9fe:a9fe',
  'fd00:42::42',
  'fe80::a9fe:a9fe',
  '::ffff:169.254.169.254',
  '64:ff9b::169.254.169.254',
  '::169.254.169.254',
  '::ffff:0:169.254.169.254',
  'fd00::5efe:169.254.169.254',
  'fd00::200:5efe:169.254.169.254',
  '2002:a9fe:a9fe::1',
  '2001:0:a9fe:a9fe::1',
  '2001:0:1::5601:5601',
  '64:ff9b:1::169.254.169.254',
  '64:ff9b:1:a9fe:a9:fe00::',
  '64:ff9b:1:a9:fe:a9fe::',
  '64:ff9b:1:0:a9:fea9:fe00:0',
])('%s is cloud metadata', (text) => {
  const address = parseAddress(text);
  expect(address !== null && isCloudMetadata(address)).toBe(true);
  expect(isPublicText(text)).toBe(false);
});

test.each([
  '',
  'localhost',
  '127.1',
  '0x7f000001',
  '2130706433',
  '010.0.0.1',
  '127.0.0.1 ',
  '127.0.0.1:80',
  '[::1]',
  '::1%lo',
  'fe80::1%eth0',
  '1.2.3.4.5',
  '1::2::3',
  'undefined',
])('%j is no address', (text) => {
  expect(parseAddress(text)).toBeNull();
});

describe('networks', () => {
  const contains = (network: string, text: string): boolean => {
    const address = parseAddress(text);
    return address !== null && isInNetwork(address, parseNetwork(network));
  };

  test.each([
    ['10.1.2.0/24', '10.1.2.255', '10.1.3.0'],
    ['10.1.2.3/24', '10.1.2.0', '10.1.1.255'],
    ['10.1.2.3', '10.1.2.3', '10.1.2.4'],
    ['10.1.2.3/32', '::ffff:10.1.2.3', '::ffff:10.1.2.4'],
    ['::ffff:10.0.0.0/104', '10.255.255.255', '11.0.0.0'],
    ['0.0.0.0/0', '255.255.255.255', '::1'],
    ['::/0', 'ffff::', '::ffff:1.2.3.4'],
    ['fd00::/8', 'fdff::1', 'fe00::'],
    ['::1', '::1', '::2'],
  ])('%s contains %s, not %s', (network, inside, outside) => {
    expect(contains(network, inside)).toBe(true);
    expect(contains(network, outside)).toBe(false);
  });

  test.each(['', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/8/8', '10.0.0/8', '::/129'])(
    '%j is none',
    (text) => expect(() => parseNetwork(text)).toThrow(JSON.stringify(text)),
  );

  test.each(['64:ff9b::/96', '::ffff:0:0/96', '::ffff:0:0/90'])('%s hides all of IPv4', (text) =>
    expect(() => parseNetwork(text)).toThrow('IPv4'),
  );
});

import { createPublicKey, verify } from 'node:crypto';
import { verifiers } from '@posthorn/testkit/verifiers';
import { expect, it } from 'vitest';
import { createRequestHeaders } from './request-headers.ts';
import { createAsymmetricSigner, readPrivateKey } from './sign-asymmetric.ts';

/** Of the specification; the body is the one that v1 is published with. */
const PUBLISHED = {
  privateKey:
    'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: 1614265330,
  body: Buffer.from('{"test": 2432232314}'),
  signature:
    'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
};
const sign = createAsymmetricSigner(PUBLISHED.privateKey);

it('equals the published v1a vector', () => {
  const { id, timestamp, body, signature } = PUBLISHED;
  expect(sign(id, timestamp, body)).toBe(signature);
});

it.each([0, 1, 300_000])('is verified by node:crypto with the public half, %i bytes', (length) => {
  const { x } = readPrivateKey(PUBLISHED.privateKey);
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const body = Buffer.alloc(length, 'é');
  const signature = Buffer.from(sign('dlv_1', 17, body).slice('v1a,'.length), 'base64');
  const signed = Buffer.concat([Buffer.from('dlv_1.17.'), body]);
  expect(verify(null, signed, key, signature)).toBe(true);
  expect(verify(null, Buffer.concat([signed, Buffer.from('x')]), key, signature)).toBe(false);
});

it.each(['', 'whsk_', 'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbc='])(
  'does not take %j for a key',
  (text) => {
    expect(() => createAsymmetricSigner(text)).toThrow('64 bytes');
  },
);

const input = {
  body: Buffer.from('[{"Id":1}]'),
  deliveryId: 'dlv_1',
  eventId: 'evt_1',
  action: 'BookingCreate',
  attemptNumber: 1,
};

it.each(verifiers)('is passed over by $name, which knows v1 alone', ({ verify: check }) => {
  const secrets = ['a tern flies far', 'another tern flew'];
  const headersOf = createRequestHeaders('1', sign);
  const list = headersOf({ ...input, secrets }, Date.now());
  const headers: Record<string, string> = {};
  for (let at = 0; at < list.length; at += 2) headers[list[at]!.toLowerCase()] = list[at + 1]!;
  expect(headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+ v1a,\S+$/);
  for (const secret of secrets) {
    expect(() => check(secret, headers, input.body)).not.toThrow();
  }
  expect(() => check('no secret of ours', headers, input.body)).toThrow(/signature/);
});

it('signs alone where no secret applies', () => {
  const list = createRequestHeaders('1', sign)({ ...input, secrets: [] }, 17_000);
  expect(list).not.toContain('X-Nexudus-Hook-Signature');
  expect(list[list.indexOf('webhook-signature') + 1]).toBe(sign('dlv_1', 17, input.body));
});

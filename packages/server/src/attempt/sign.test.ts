import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { verifiers } from '@posthorn/testkit/verifiers';
import { isMalformedSecret, signNexudus, signStandard } from './sign.ts';

const PUBLISHED = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: 1614265330,
  body: Buffer.from('{"test": 2432232314}'),
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};

describe('the Standard Webhooks signature', () => {
  it('equals the published v1 vector', () => {
    const { secret, id, timestamp, body, signature } = PUBLISHED;
    expect(signStandard([secret], id, timestamp, body)).toBe(signature);
  });

  it('lists one entry per secret, separated by one space, in their order', () => {
    const { secret, id, timestamp, body, signature } = PUBLISHED;
    const other = signStandard(['another secret'], id, timestamp, body);
    expect(signStandard(['another secret', secret], id, timestamp, body)).toBe(
      `${other} ${signature}`,
    );
  });

  const body = Buffer.from('[{"Id":12345678901234567890,"Name":"Jos\\u00e9"}]');
  const headersOf = (secrets: readonly string[], ageSeconds: number) => {
    const timestamp = Math.floor(Date.now() / 1000) - ageSeconds;
    return {
      'webhook-id': 'dlv_1',
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signStandard(secrets, 'dlv_1', timestamp, body),
    };
  };
  const newSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

  beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => vi.useRealTimers());

  for (const { name, verify } of verifiers) {
    it(`is accepted by ${name} up to 300 seconds from now`, () => {
      for (const secret of [PUBLISHED.secret, 'my shared secret, é']) {
        for (const age of [0, 299, -299]) {
          expect(() => verify(secret, headersOf([secret], age), body)).not.toThrow();
        }
      }
    });

    it(`is refused by ${name} at 301 seconds from now`, () => {
      const { secret } = PUBLISHED;
      for (const age of [301, -301]) {
        expect(() => verify(secret, headersOf([secret], age), body)).toThrow(/timestamp/);
      }
    });

    it(`is refused by ${name} for another body or another secret`, () => {
      const headers = headersOf([PUBLISHED.secret], 0);
      expect(() => verify(PUBLISHED.secret, headers, Buffer.from('[{}]'))).toThrow(/signature/);
      expect(() => verify(newSecret, headers, body)).toThrow(/signature/);
    });

    it(`is accepted by ${name} with the old and with the new secret during a rotation`, () => {
      const headers = headersOf([newSecret, PUBLISHED.secret], 0);
      expect(() => verify(PUBLISHED.secret, headers, body)).not.toThrow();
      expect(() => verify(newSecret, headers, body)).not.toThrow();
    });
  }
});

describe('the Nexudus signature', () => {
  it('is the upper-case hex HMAC-SHA256 of the raw body', () => {
    const body = Buffer.from('[{"Id":1}]');
    const signature = signNexudus('s3cret é', body);
    expect(signature).toMatch(/^[0-9A-F]{64}$/);
    expect(signature.toLowerCase()).toBe(
      createHmac('sha256', Buffer.from('s3cret é')).update(body).digest('hex'),
    );
  });

  it('uses the bytes of a whsec_ secret as they are', () => {
    const body = Buffer.from('[]');
    expect(signNexudus(PUBLISHED.secret, body).toLowerCase()).toBe(
      createHmac('sha256', PUBLISHED.secret).update(body).digest('hex'),
    );
  });
});

describe('a secret that starts with whsec_', () => {
  const cases: [secret: string, malformed: boolean][] = [
    [PUBLISHED.secret, false],
    ['whsec_YWJj', false],
    ['whsec_YWI=', false],
    ['whsec_YWI', false],
    ['plain', false],
    ['whsec_', true],
    ['whsec_not base64', true],
    ['whsec_url-safe_', true],
    ['whsec_YWJjZ', true],
  ];
  it.each(cases)('%s: malformed is %s', (secret, malformed) => {
    expect(isMalformedSecret(secret)).toBe(malformed);
  });

  it('is used as its bytes when it is malformed, so that signing never fails', () => {
    const expected = createHmac('sha256', 'whsec_!').update('dlv_1.1.[]').digest('base64');
    expect(signStandard(['whsec_!'], 'dlv_1', 1, Buffer.from('[]'))).toBe(`v1,${expected}`);
  });
});

it('a thousand and more secrets each sign with their own key', () => {
  const body = Buffer.from('[]');
  for (const round of [1, 2]) {
    for (let i = 0; i < 1_200; i++) {
      const expected = createHmac('sha256', `secret ${i}`).update(body).digest('hex');
      expect(signNexudus(`secret ${i}`, body).toLowerCase(), `round ${round}`).toBe(expected);
    }
  }
});

it('equals the HMAC of node:crypto for every secret and body', () => {
  const bytes = fc.uint8Array({ maxLength: 20_000, size: 'max' });
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), bytes, (secret, body) => {
      expect(signNexudus(secret, body).toLowerCase()).toBe(
        createHmac('sha256', secret).update(body).digest('hex'),
      );
      fc.pre(!secret.startsWith('whsec_'));
      const signature = createHmac('sha256', secret).update('dlv_1.17.').update(body);
      expect(signStandard([secret], 'dlv_1', 17, body)).toBe(`v1,${signature.digest('base64')}`);
    }),
  );
});

it.each([0, 1, 16 * 1024 - 65, 16 * 1024 - 64, 16 * 1024 - 63, 300_000])(
  'signs a body of %i bytes',
  (length) => {
    const body = Buffer.alloc(length, 'a');
    const expected = createHmac('sha256', 'secret').update(body).digest('hex');
    expect(signNexudus('secret', body).toLowerCase()).toBe(expected);
  },
);

it.each([0, 1, 63, 64, 65, 200])('signs with a secret of %i bytes', (length) => {
  const secret = 's'.repeat(length);
  const expected = createHmac('sha256', secret).update('[]').digest('hex');
  expect(signNexudus(secret, Buffer.from('[]')).toLowerCase()).toBe(expected);
});

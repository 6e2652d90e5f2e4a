import { createHmac, generateKeyPairSync, randomBytes, sign as signWith } from 'node:crypto';
import { verifiers } from '@posthorn/testkit/verifiers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SignatureError, type SignatureProblem, verify, type VerifyInput } from './verify.ts';

const SECRET = 'a tern flies far';
const BODY = '[{"Id":1,"ResourceName":"Room Oak"}]';
const NOW_S = 1_795_439_719;

/** Signed by a recipe of its own, so that nothing is checked against itself. */
function sign(secret: string | Buffer, body = BODY, id = 'msg_1', timestamp = NOW_S) {
  const digest = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return `v1,${digest}`;
}

function signNexudus(secret: string, body = BODY) {
  return createHmac('sha256', secret).update(body).digest('hex').toUpperCase();
}

function call(changes: Partial<VerifyInput> = {}, headers: Record<string, string> = {}) {
  return verify({
    secret: SECRET,
    headers: {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(NOW_S),
      'webhook-signature': sign(SECRET),
      'X-Nexudus-Hook-Signature': signNexudus(SECRET),
      'posthorn-action': 'BookingCreate',
      'posthorn-event': 'evt_1',
      'posthorn-attempt': '2',
      ...headers,
    },
    body: BODY,
    now: () => NOW_S * 1000,
    ...changes,
  });
}

async function problemOf(verifying: Promise<unknown>): Promise<SignatureProblem | 'none'> {
  try {
    await verifying;
    return 'none';
  } catch (error) {
    if (error instanceof SignatureError) return error.reason;
    throw error;
  }
}

describe('verify', () => {
  test('tells what a genuine call says', async () => {
    expect(await call()).toEqual({
      id: 'msg_1',
      sentAt: new Date(NOW_S * 1000),
      attempt: 2,
      event: 'evt_1',
      isTest: false,
      action: 'BookingCreate',
      record: { Id: 1, ResourceName: 'Room Oak' },
    });
    const genuine = await call({}, { 'posthorn-test': 'true' });
    expect(genuine.isTest).toBe(true);
    // The action says which record it is, also to the compiler.
    expect(genuine.action === 'BookingCreate' && genuine.record.ResourceName).toBe('Room Oak');
  });

  test('takes the body as text, bytes, a part of a buffer and an ArrayBuffer', async () => {
    const inside = Buffer.from(`xx${BODY}xx`).subarray(2, -2);
    const { buffer } = new Uint8Array(new TextEncoder().encode(BODY));
    for (const body of [BODY, Buffer.from(BODY), inside, buffer]) {
      expect(await problemOf(call({ body }))).toBe('none');
    }
    const parsed = JSON.parse(BODY) as string;
    await expect(call({ body: parsed })).rejects.toThrow('raw body');
  });

  test('takes headers as Headers, and names in any case', async () => {
    const all = {
      'Webhook-Id': 'msg_1',
      'WEBHOOK-TIMESTAMP': String(NOW_S),
      'Webhook-Signature': sign(SECRET),
    };
    expect(await problemOf(call({ headers: all }))).toBe('none');
    expect(await problemOf(call({ headers: new Headers(all) }))).toBe('none');
  });

  test('takes one good signature among several, and any of several secrets', async () => {
    const several = `v1a,AAAA v1,${'A'.repeat(43)}= ${sign('another')} ${sign(SECRET)}`;
    expect(await problemOf(call({}, { 'webhook-signature': several }))).toBe('none');
    expect(await problemOf(call({ secret: ['new', SECRET] }))).toBe('none');
    expect(await problemOf(call({ secret: ['new', 'newer'] }))).toBe('wrong_signature');
  });

  test('decodes a whsec_ secret for the standard scheme and not for the other', async () => {
    const key = randomBytes(24);
    const secret = `whsec_${key.toString('base64')}`;
    const headers = {
      'webhook-signature': sign(key),
      'X-Nexudus-Hook-Signature': signNexudus(secret),
    };
    expect(await problemOf(call({ secret }, headers))).toBe('none');
    expect(await problemOf(call({ secret, scheme: 'nexudus' }, headers))).toBe('none');
    const undecoded = { 'webhook-signature': sign(secret) };
    expect(await problemOf(call({ secret }, undecoded))).toBe('wrong_signature');
  });

  const secondsOff = (by: number) => ({
    'webhook-timestamp': String(NOW_S + by),
    'webhook-signature': sign(SECRET, BODY, 'msg_1', NOW_S + by),
  });
  test.each<[string, Partial<VerifyInput>, Record<string, string>, SignatureProblem | 'none']>([
    ['a changed body', { body: BODY.replace('1', '2') }, {}, 'wrong_signature'],
    ['another secret', { secret: 'other' }, {}, 'wrong_signature'],
    ['another id', {}, { 'webhook-id': 'msg_2' }, 'wrong_signature'],
    ['another time', {}, { 'webhook-timestamp': String(NOW_S + 1) }, 'wrong_signature'],
    ['no id', {}, { 'webhook-id': '' }, 'missing'],
    ['no signature, though the other is good', {}, { 'webhook-signature': '' }, 'missing'],
    ['a signature of another version', {}, { 'webhook-signature': 'v2,AAAA' }, 'wrong_signature'],
    ['a signature that is no base64', {}, { 'webhook-signature': 'v1,~' }, 'wrong_signature'],
    ['an empty signature', {}, { 'webhook-signature': 'v1,' }, 'wrong_signature'],
    ['a time that is none', {}, { 'webhook-timestamp': '1e9' }, 'malformed'],
    ['5 minutes ago', {}, secondsOff(-300), 'none'],
    ['more than 5 minutes ago', {}, secondsOff(-301), 'too_old'],
    ['in 5 minutes', {}, secondsOff(300), 'none'],
    ['in more than 5 minutes', {}, secondsOff(301), 'too_new'],
    ['a tolerance that is no number', { toleranceMs: Number.NaN }, {}, 'too_old'],
    ['nexudus, good', { scheme: 'nexudus' }, { 'webhook-signature': '' }, 'none'],
    ['nexudus, changed', { scheme: 'nexudus', body: '[{}]' }, {}, 'wrong_signature'],
    ['nexudus, none', { scheme: 'nexudus' }, { 'X-Nexudus-Hook-Signature': '' }, 'missing'],
    [
      'nexudus, no hex',
      { scheme: 'nexudus' },
      { 'X-Nexudus-Hook-Signature': 'zz' },
      'wrong_signature',
    ],
  ])('%s', async (_case, changes, headers, expected) => {
    expect(await problemOf(call(changes, headers))).toBe(expected);
  });

  test.each(['[]', '[1]', '[{},{}]', '{}', 'no json'])(
    'refuses the genuine body %s, which is not one record',
    async (body) => {
      const headers = { 'webhook-signature': sign(SECRET, body) };
      expect(await problemOf(call({ body }, headers))).toBe('malformed');
    },
  );

  test.each([[''], [[]], [['good', '']], ['whsec_'], ['whsec_no base64']])(
    'refuses the secret %j as our own mistake',
    async (secret) => {
      await expect(call({ secret })).rejects.toThrow(TypeError);
    },
  );

  test('agrees with the reference libraries about any secret and record', async () => {
    const secrets = fc.oneof(
      fc.string({ minLength: 1, unit: 'binary' }).filter((text) => !text.startsWith('whsec_')),
      fc.uint8Array({ minLength: 1 }).map((key) => `whsec_${Buffer.from(key).toString('base64')}`),
    );
    await fc.assert(
      fc.asyncProperty(secrets, fc.object(), async (secret, record) => {
        const body = JSON.stringify([record]);
        const timestamp = Math.floor(Date.now() / 1000);
        const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret;
        const headers = {
          'webhook-id': 'msg_1',
          'webhook-timestamp': String(timestamp),
          'webhook-signature': sign(key, body, 'msg_1', timestamp),
        };
        for (const one of verifiers) one.verify(secret, headers, Buffer.from(body));
        await verify({ secret, headers, body });
      }),
      { numRuns: 50 },
    );
  });
});

describe('verify with the public key of the sender', () => {
  /** The vector of the specification. Its body is no array, so that reading it is what fails. */
  const PUBLISHED = {
    secret: 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=',
    headers: {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature':
        'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
    },
    body: '{"test": 2432232314}',
    now: () => 1_614_265_330_000,
  };
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const secret = `whpk_${Buffer.from(x, 'base64url').toString('base64')}`;
  const v1a = (body = BODY) =>
    `v1a,${signWith(null, Buffer.from(`msg_1.${NOW_S}.${body}`), privateKey).toString('base64')}`;
  const signed = (signature: string, changes: Partial<VerifyInput> = {}) =>
    problemOf(call({ secret, ...changes }, { 'webhook-signature': signature }));

  test('takes the published vector and nothing else', async () => {
    expect(await problemOf(verify(PUBLISHED))).toBe('malformed');
    await expect(verify(PUBLISHED)).rejects.toThrow('array with one record');
    expect(await problemOf(verify({ ...PUBLISHED, body: '{"test": 2432232315}' }))).toBe(
      'wrong_signature',
    );
  });

  test('looks at v1a alone, wherever it stands', async () => {
    expect(await signed(v1a())).toBe('none');
    expect(await signed(`${sign(SECRET)} v1a,AAAA v1a,~ ${v1a()}`)).toBe('none');
    expect(await signed(sign(SECRET))).toBe('wrong_signature');
    expect(await signed(v1a('[{}]'))).toBe('wrong_signature');
    expect(await signed(`v1,${v1a().slice(4)}`)).toBe('wrong_signature');
  });

  test('takes a secret beside it', async () => {
    expect(await signed(sign(SECRET), { secret: [secret, SECRET] })).toBe('none');
    expect(await signed(v1a(), { secret: [SECRET, secret] })).toBe('none');
  });

  test('takes nothing that is signed with the public key as a secret', async () => {
    const key = Buffer.from(x, 'base64url');
    for (const forged of [sign(secret), sign(key)]) {
      expect(await signed(forged)).toBe('wrong_signature');
    }
    const headers = { 'X-Nexudus-Hook-Signature': signNexudus(secret) };
    await expect(call({ secret, scheme: 'nexudus' }, headers)).rejects.toThrow(TypeError);
  });

  test('says when the key is none', async () => {
    for (const wrong of ['whpk_', 'whpk_AAAA', 'whpk_~']) {
      await expect(call({ secret: wrong })).rejects.toThrow('32 bytes');
    }
  });
});

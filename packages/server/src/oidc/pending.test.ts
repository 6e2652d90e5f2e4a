import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createSecretBox } from '../settings/secret-box.ts';
import { openPending, sealPending } from './pending.ts';

const old = randomBytes(32);
const box = createSecretBox([old]);
const pending = { state: 's', nonce: 'n', verifier: 'v', replaces: null, endsAt: 1000 };

it('opens until its time is up, also with a key that came before', () => {
  const sealed = sealPending(box, pending);
  expect(openPending(box, sealed, 999)).toStrictEqual(pending);
  expect(openPending(box, sealed, 1000)).toBeNull();
  expect(openPending(createSecretBox([randomBytes(32), old]), sealed, 999)).toStrictEqual(pending);
});

it('says nothing of what it holds, fits in a cookie, and differs each time', () => {
  const long = {
    ...pending,
    state: 'x'.repeat(43),
    nonce: 'y'.repeat(43),
    replaces: 'z'.repeat(64),
  };
  const sealed = sealPending(box, long);
  expect(sealed).toMatch(/^[\w-]+\.[\w-]+$/);
  expect(sealed.length).toBeLessThan(1000);
  expect(Buffer.from(sealed.split('.')[1]!, 'base64url').includes('xxx')).toBe(false);
  expect(sealPending(box, long)).not.toBe(sealed);
});

it('does not open when it was changed, or is something else of ours', () => {
  const sealed = sealPending(box, pending);
  const [keyId, text = ''] = sealed.split('.');
  const bytes = Buffer.from(text, 'base64url');
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at]! ^= 1;
    expect(openPending(box, `${keyId}.${changed.toString('base64url')}`, 0)).toBeNull();
  }
  const other = box.seal(JSON.stringify(pending), 'default');
  const secret = `${other.keyId}.${Buffer.from(other.sealed).toString('base64url')}`;
  for (const wrong of ['', '.', text, `x.${text}`, `${keyId}.`, secret])
    expect(openPending(box, wrong, 0)).toBeNull();
});

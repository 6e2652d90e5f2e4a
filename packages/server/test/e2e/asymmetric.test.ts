import { createPublicKey, verify } from 'node:crypto';
import { openReceiver } from '@posthorn/testkit/receivers';
import { expect, it } from 'vitest';
import { createWebhook, report } from '../asking.ts';
import { newDataDir, removeDataDir, startServer } from '../start.ts';

it('signs every call with the key pair of the installation while that is on', async () => {
  const dataDir = newDataDir();
  const receiver = await openReceiver();
  const start = (on: string | undefined) =>
    startServer({ dataDir, env: { POSTHORN_SIGN_ASYMMETRIC: on } });
  const anybody = { authorization: '' };
  const called = async (server: Awaited<ReturnType<typeof start>>) => {
    const before = receiver.requests.length;
    await report(server, 'BookingCreate');
    await receiver.waitFor(before + 1);
    return receiver.requests[before]!;
  };

  const off = await start(undefined);
  await createWebhook(off, { url: receiver.url });
  const none = await off.api('GET', '/v1/signing-key', undefined, anybody);
  expect(none.json).toMatchObject({ status: 404 });
  expect((await called(off)).headers).not.toHaveProperty('webhook-signature');
  await off.stop();

  let publicKey: unknown;
  for (const round of [1, 2]) {
    const on = await start('on');
    const { json } = await on.api('GET', '/v1/signing-key', undefined, anybody);
    expect(json.publicKey, `round ${round}`).toBe((publicKey ??= json.publicKey));
    if (round === 2) await on.api('PUT', '/v1/secrets/default', { secret: 'a tern flies far' });
    const { headers, body } = await called(on);
    const signature = headers['webhook-signature'] as string;
    expect(signature).toMatch(round === 1 ? /^v1a,\S+$/ : /^v1,\S+ v1a,\S+$/);
    const key = createPublicKey({ key: json.keys[0], format: 'jwk' });
    const head = `${headers['webhook-id'] as string}.${headers['webhook-timestamp'] as string}.`;
    const given = Buffer.from(/v1a,(\S+)/.exec(signature)![1]!, 'base64');
    expect(verify(null, Buffer.concat([Buffer.from(head), body]), key, given)).toBe(true);
    expect(json.publicKey).toBe(
      `whpk_${Buffer.from(json.keys[0].x as string, 'base64url').toString('base64')}`,
    );
    await on.stop();
  }
  await receiver.close();
  removeDataDir(dataDir);
});

import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
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

it('changes the key pair with an overlap, in which receivers verify with either', async () => {
  const receiver = await openReceiver();
  const server = await startServer({ env: { POSTHORN_SIGN_ASYMMETRIC: 'on' } });
  await createWebhook(server, { url: receiver.url });
  const { json: before } = await server.api('GET', '/v1/signing-key');
  expect(before.keys).toMatchObject([{ publicKey: before.publicKey, until: null }]);

  const rotated = await server.api('POST', '/v1/signing-key/rotate', { overlap: '2h' });
  expect(rotated.status).toBe(201);
  const { json: both } = await server.api('GET', '/v1/signing-key');
  expect(both).toStrictEqual(rotated.json);
  expect(both.publicKey).not.toBe(before.publicKey);
  expect(both.keys[1].publicKey).toBe(before.publicKey);
  expect(Date.parse(both.keys[1].until as string) - Date.parse(both.keys[0].since as string)).toBe(
    2 * 3_600_000,
  );

  await report(server, 'BookingCreate');
  const [{ headers, body }] = (await receiver.waitFor(1)) as [(typeof receiver.requests)[number]];
  const given = (headers['webhook-signature'] as string).split(' ');
  expect(given).toHaveLength(2);
  const signed = Buffer.concat([
    Buffer.from(`${headers['webhook-id'] as string}.${headers['webhook-timestamp'] as string}.`),
    body,
  ]);
  for (const [i, jwk] of (both.keys as JsonWebKey[]).entries()) {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const signature = Buffer.from(given[i]!.replace(/^v1a,/, ''), 'base64');
    expect(verify(null, signed, key, signature)).toBe(true);
  }

  const { json: audit } = await server.api('GET', '/v1/audit?what=signing-key.rotated');
  expect(audit.items).toMatchObject([
    { subject: 'signing-key', details: { overlapMs: 7_200_000 } },
  ]);
  const refused = await server.api('POST', '/v1/signing-key/rotate', { overlap: '31d' });
  expect(refused.json).toMatchObject({ code: 'invalid_request', field: 'overlap' });
  const { json: app } = await server.api('POST', '/v1/apps', { name: 'n' });
  const { json: made } = await server.api('POST', `/v1/apps/${app.id}/keys`, {});
  const theirs = { authorization: `Bearer ${made.key as string}` };
  const denied = await server.api('POST', '/v1/signing-key/rotate', {}, theirs);
  expect(denied.status).toBe(403);
  await server.stop();
  await receiver.close();
});

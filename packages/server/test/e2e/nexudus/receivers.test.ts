import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type NexudusReceiver,
  nexudusReceivers,
  receiverThatDoesNotEscape,
} from '@posthorn/testkit/nexudus-receivers';
import { openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import { report } from '../../asking.ts';
import { API_KEY, type Started, startServer } from '../../start.ts';

/** Webhooks that are made as clients make them, and received as receivers receive them. */

const OPERATOR = { authorization: `Bearer ${API_KEY}` };
/** As integrators write them: the action is in the path or the query, for the body lacks it. */
const PATHS = [
  '/nexudus/webhook/BookingCreate',
  '/in?action_name=BookingCreate&resource=Booking',
  '/in?code=a%2Fb%3D%3D&signature=f00d',
];

let server: Started;
let receiver: Receiver;
let ofApp: { readonly authorization: string };
let sample: Record<string, unknown>;
beforeAll(async () => {
  receiver = await openReceiver();
  server = await startServer();
  const app = await server.api('POST', '/v1/apps', { name: 'Door system' });
  const made = await server.api('POST', `/v1/apps/${app.json.id}/keys`);
  ofApp = { authorization: `Bearer ${made.json.key}` };
  await server.api('PUT', '/v1/secrets/default', { secret: 'the shared secret' });
  await server.api('PUT', `/v1/secrets/app:${app.json.id}`, { secret: 'of the app alone' });
  sample = (await server.api('GET', '/v1/actions/BookingCreate')).json.sample;
});
afterAll(async () => {
  await server.stop();
  await receiver.close();
});
beforeEach(async () => {
  const { json } = await server.api('GET', '/api/sys/webhooks?size=1000');
  for (const { Id } of json.Records as { Id: number }[])
    await server.api('DELETE', `/api/sys/webhooks/${Id}`);
});

async function make(path: string, headers = OPERATOR): Promise<void> {
  const record = { BusinessId: 5, Name: path, Action: 6, URL: receiver.url + path, Active: true };
  const answer = await server.api('POST', '/api/sys/webhooks', record, headers);
  expect(answer.status, answer.text).toBe(200);
}

/** Reports a record and returns what a receiver makes of the call. */
async function received(secret: string, record: unknown, by: NexudusReceiver): Promise<unknown> {
  const before = receiver.requests.length;
  await report(server, 'BookingCreate', record, '?location=5');
  await receiver.waitFor(before + 1);
  const { headers, body } = receiver.requests[before]!;
  return by.receive(secret, headers['x-nexudus-hook-signature'] as string, body);
}

const records = (): readonly (readonly [string, Record<string, unknown>])[] => [
  ['of ASCII', sample],
  [
    'with accents and an emoji',
    { ...sample, CoworkerFullName: 'José Nuñez 🎉', Notes: 'Größe 東京' },
  ],
];

describe.each(nexudusReceivers)('a receiver that $name', (kind) => {
  it('gets every record', async () => {
    await make('/hooks');
    for (const [title, record] of records())
      expect(await received('the shared secret', record, kind), title).toStrictEqual(record);
  });

  it('refuses a call that another secret signed', async () => {
    await make('/hooks');
    expect(await received('another secret', sample, kind)).toBeNull();
  });

  it('gets what an app asked for with the secret of the app', async () => {
    await make('/hooks', ofApp);
    expect(await received('of the app alone', sample, kind)).toStrictEqual(sample);
    expect(await received('the shared secret', sample, kind)).toBeNull();
  });
});

it('a receiver that writes the array again without escapes is right about ASCII only', async () => {
  await make('/hooks');
  const [[, ofAscii], [, beyond]] = records() as [[string, object], [string, object]];
  const secret = 'the shared secret';
  expect(await received(secret, ofAscii, receiverThatDoesNotEscape)).toStrictEqual(ofAscii);
  expect(await received(secret, beyond, receiverThatDoesNotEscape)).toBeNull();
});

it.each(PATHS)('%s is called as it was given', async (path) => {
  await make(path);
  const before = receiver.requests.length;
  await report(server, 'BookingCreate', { Id: 1 }, '?location=5');
  await receiver.waitFor(before + 1);
  const { method, path: called, headers } = receiver.requests[before]!;
  expect([method, called, headers['content-type']]).toStrictEqual([
    'POST',
    path,
    'application/json',
  ]);
});

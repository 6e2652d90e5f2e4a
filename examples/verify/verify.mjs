// Receives webhooks, and answers 401 to calls that are not genuine. Node 18 or newer.
// Run: node verify.mjs
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';

const SECRET = 'your shared secret';
const TOLERANCE_SECONDS = 300;

/** Checks `webhook-signature`. The time is signed too: an old call cannot be sent again. */
export function verifyStandard(headers, body) {
  const timestamp = headers['webhook-timestamp'] ?? '';
  const age = Math.abs(Date.now() / 1000 - Number(timestamp));
  if (!/^\d{1,12}$/.test(timestamp) || age > TOLERANCE_SECONDS) return false;

  const key = SECRET.startsWith('whsec_') ? Buffer.from(SECRET.slice(6), 'base64') : SECRET;
  const hmac = createHmac('sha256', key).update(`${headers['webhook-id']}.${timestamp}.`);
  const expected = `v1,${hmac.update(body).digest('base64')}`;
  // While the secret is being changed there are two signatures.
  return (headers['webhook-signature'] ?? '').split(' ').some((given) => isSame(given, expected));
}

/** Checks `X-Nexudus-Hook-Signature`, if called instead. The body alone is signed. */
export function verifyNexudus(headers, body) {
  const expected = createHmac('sha256', SECRET).update(body).digest('hex').toUpperCase();
  return isSame(headers['x-nexudus-hook-signature'] ?? '', expected);
}

function isSame(given, expected) {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

async function receive(request, response) {
  const body = await buffer(request); // the bytes that were signed, before anything parses them
  if (!verifyStandard(request.headers, body)) {
    response.writeHead(401).end();
    return;
  }
  // Keep the record, then answer, then work on it.
  console.log(request.headers['posthorn-action'], body.toString());
  response.writeHead(204).end();
}

const server = createServer((request, response) => {
  receive(request, response).catch(() => response.destroy());
});
server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  console.log(`Receiving at http://127.0.0.1:${server.address().port}`);
});

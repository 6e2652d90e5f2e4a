import { createHmac } from 'node:crypto';

/** What every sender that is measured puts on a call: both signatures, made anew for each body. */
export function signedHeaders(id: string, at: number, body: Buffer): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  return {
    'content-type': 'application/json',
    'x-nexudus-hook-signature': createHmac('sha256', 'secret')
      .update(body)
      .digest('hex')
      .toUpperCase(),
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${createHmac('sha256', 'secret').update(`${id}.${timestamp}.`).update(body).digest('base64')}`,
  };
}

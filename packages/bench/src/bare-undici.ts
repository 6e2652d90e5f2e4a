/**
 * The measure of what is possible: the same calls with the same signatures, made by a bare undici
 * loop without intake, store or log. A process of its own: `node bare-undici.ts PORT SECONDS`.
 */
import { createHmac } from 'node:crypto';
import { Agent } from 'undici';
import { sampleRecord } from './record.ts';

const [port, seconds] = process.argv.slice(2).map(Number) as [number, number];
const agent = new Agent({ pipelining: 1 });
const body = Buffer.from(`[${sampleRecord(0)}]`);
const end = performance.now() + seconds * 1000;
let made = 0;

async function loop(): Promise<void> {
  while (performance.now() < end) {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const id = `msg_${made++}`;
    const { body: answer } = await agent.request({
      origin: `http://127.0.0.1:${port}`,
      path: '/hook',
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-nexudus-hook-signature': createHmac('sha256', 'secret')
          .update(body)
          .digest('hex')
          .toUpperCase(),
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${createHmac('sha256', 'secret').update(`${id}.${timestamp}.`).update(body).digest('base64')}`,
      },
      body,
    });
    await answer.dump();
  }
}

const started = performance.now();
await Promise.all(Array.from({ length: 64 }, loop));
process.stdout.write(
  `{"perSecond":${Math.round(made / ((performance.now() - started) / 1000))}}\n`,
);
await agent.close();

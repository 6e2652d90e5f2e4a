/**
 * The measure of what is possible: the same calls with the same signatures, made by a bare undici
 * loop without intake, store or log. A process of its own: `node bare-undici.ts PORT SECONDS`.
 */
import { Agent } from 'undici';
import { sampleRecord } from './record.ts';
import { signedHeaders } from './signed-headers.ts';

const [port, seconds] = process.argv.slice(2).map(Number) as [number, number];
const agent = new Agent({ pipelining: 1 });
const body = Buffer.from(`[${sampleRecord(0)}]`);
const end = performance.now() + seconds * 1000;
let made = 0;

async function loop(): Promise<void> {
  while (performance.now() < end) {
    const { body: answer } = await agent.request({
      origin: `http://127.0.0.1:${port}`,
      path: '/hook',
      method: 'POST',
      headers: signedHeaders(`msg_${made++}`, Date.now(), body),
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

import cluster from 'node:cluster';
import { once } from 'node:events';
import type { Registry } from 'prom-client';
import { type App, startApp } from '../app.ts';
import type { JoinMetrics } from '../telemetry/metrics.ts';
import { showFirstKey } from './greeting.ts';
import { isToWorker, type ToPrimary, type ToWorker } from './messages.ts';
import type { ServeNeeds } from './needs.ts';
import { shedMemoryLater } from './shed-memory.ts';
import { createStopping, onStopSignal } from './stop.ts';

/** One worker of a service: a node that shares its port with its siblings. */
export async function serveAsWorker({ config, version, log: plain }: ServeNeeds): Promise<number> {
  const { number } = await firstMessage();
  const log = plain.child({ worker: number });
  const stopping = createStopping(config);
  let app: App;
  let setupLink: string | null;
  try {
    app = await startApp({
      config,
      version,
      log,
      showFirstKey,
      joinMetrics: joinAs(number),
      onRefused: (message) => tell({ kind: 'refused', message }),
      onStoreLost(error) {
        // The primary starts another one, which gives back what this one held.
        log.fatal({ err: error }, 'the store is lost');
        process.exit(1);
      },
    });
    // One is enough for all.
    setupLink = number === 1 ? await app.makeSetupLink() : null;
  } catch (error) {
    const failed: ToPrimary = { kind: 'failed', message: (error as Error).message };
    // The message first, or nobody learns why.
    process.send!(failed, () => process.exit(1));
    return 1;
  }
  stopping.of(app);
  process.on('message', (message) => {
    if (isToWorker(message) && message.kind === 'stop') stopping.stop(0);
  });
  // A worker that closed by itself would leave what is handed to it at that moment to nobody.
  onStopSignal(() => tell({ kind: 'leaving' }));
  cluster.worker!.on('disconnect', () => {
    // The primary is dead, and nobody would replace us; or it waits for our end since it said stop.
    // Without this line we would end at once.
    cluster.worker!.exitedAfterDisconnect = true;
    stopping.stop(1);
  });
  tell({ kind: 'listening', url: app.url, firstKey: app.firstKey, setupLink });
  shedMemoryLater();
  return 0;
}

async function firstMessage(): Promise<ToWorker & { kind: 'start' }> {
  for (;;) {
    const [message] = (await once(process, 'message')) as [unknown];
    if (isToWorker(message) && message.kind === 'start') return message;
  }
}

/** A primary that is dead, or waits for nothing but our end, need not be told. */
function tell(message: ToPrimary): void {
  if (process.connected) process.send!(message);
}

/** Counts when the primary asks, and asks it for what all have counted. */
function joinAs(number: number): JoinMetrics {
  return (own) => {
    own.setDefaultLabels({ worker: String(number) });
    const asked = new Map<number, (text: string) => void>();
    let lastId = 0;
    process.on('message', (message) => {
      if (!isToWorker(message)) return;
      if (message.kind === 'count') void count(own, message.id);
      if (message.kind === 'metrics') {
        asked.get(message.id)?.(message.text);
        asked.delete(message.id);
      }
    });
    return () =>
      new Promise((resolve) => {
        const id = ++lastId;
        asked.set(id, resolve);
        tell({ kind: 'metrics', id });
      });
  };
}

async function count(own: Registry, id: number): Promise<void> {
  tell({ kind: 'counted', id, numbers: await own.getMetricsAsJSON() });
}

import type { Logger } from 'pino';

/** Does `round` again and again, `ms` after each end. A failure is logged when it begins and ends. */
export function every(
  ms: number,
  round: () => Promise<void>,
  { log, what }: { log: Logger; what: string },
): { stop(): Promise<void> } {
  let isStopped = false;
  let isFailing = false;
  let running = Promise.resolve();
  let timer = setTimeout(start, ms);

  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };

  function start(): void {
    running = run();
  }

  async function run(): Promise<void> {
    try {
      await round();
      if (isFailing) log.info(`${what}: works again`);
      isFailing = false;
    } catch (error) {
      if (!isFailing) log.error({ err: error }, `${what}: failed, trying on`);
      isFailing = true;
    }
    if (!isStopped) timer = setTimeout(start, ms);
  }
}

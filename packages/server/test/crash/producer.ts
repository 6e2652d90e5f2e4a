import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { API_KEY } from '../start.ts';
import type { Random } from './random.ts';
import { type Report, reportsFrom } from './reports.ts';

/** Requests under way at once. */
const WORKERS = 8;

/** How a request ended. Unknown: the connection broke, so it may have been accepted or not. */
export type Ending =
  | { readonly kind: 'ok'; readonly events: readonly string[]; readonly isReplay: boolean }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'unknown' };

/** One intent and how its requests ended, in their order; repeats only with an Idempotency-Key. */
export interface Entry {
  readonly report: Report;
  readonly endings: readonly Ending[];
}

export interface Producer {
  /** Everything ever sent, in the order of the intents. Entries are only added and added to. */
  readonly ledger: readonly Entry[];
  /** Reports to this URL until it breaks: first again what is unknown and has a key, then new ones. */
  run(url: string): Load;
  /** Sends once more everything that is unknown and has a key. */
  repeatUnknown(url: string): Promise<void>;
}

export interface Load {
  /** Resolves when no request is under way any more; all that were have an ending. */
  stop(): Promise<void>;
}

/** The platform's side: reports under load, and writes down what it was told. */
export function createProducer(random: Random): Producer {
  const reports = reportsFrom(random);
  const ledger: (Entry & { endings: Ending[] })[] = [];

  return {
    ledger,
    run(url) {
      const agent = new Agent({ connections: WORKERS });
      const again = unknown();
      let isStopped = false;
      const work = async () => {
        while (!isStopped) {
          const ending = await send(url, again.shift() ?? nextEntry(), agent);
          if (ending.kind === 'unknown') isStopped = true;
          // A platform under load, not a benchmark.
          await pause(random.between(0, 4));
        }
      };
      const workers = Array.from({ length: WORKERS }, work);
      return {
        async stop() {
          isStopped = true;
          await Promise.all(workers);
          await agent.destroy();
        },
      };
    },
    async repeatUnknown(url) {
      const agent = new Agent();
      for (const entry of unknown()) await send(url, entry, agent);
      await agent.destroy();
    },
  };

  function unknown() {
    return ledger.filter(
      ({ report, endings }) => report.idempotencyKey !== null && endings.at(-1)?.kind === 'unknown',
    );
  }

  /** Mostly a new report; now and then one that was accepted again, or its key for another one. */
  function nextEntry() {
    if (ledger.length > 0 && random.chance(0.04)) {
      const earlier = random.pick(ledger);
      const isOk = earlier.endings.at(-1)?.kind === 'ok';
      if (isOk && earlier.report.idempotencyKey !== null) {
        return random.chance(0.5) ? earlier : intend({ ...reports.twinOf(earlier.report) });
      }
    }
    return intend(reports.next());
  }

  function intend(report: Report) {
    const entry = { report, endings: [] };
    ledger.push(entry);
    return entry;
  }

  async function send(
    url: string,
    { report, endings }: Entry & { endings: Ending[] },
    dispatcher: Agent,
  ): Promise<Ending> {
    const ending = await endingOf(url, report, dispatcher).catch((): Ending => ({
      kind: 'unknown',
    }));
    endings.push(ending);
    return ending;
  }
}

async function endingOf(url: string, report: Report, dispatcher: Agent): Promise<Ending> {
  const { action, location, isBatch, isBad, idempotencyKey } = report;
  const lines = report.records.map((record) => record.bytes.toString());
  const body = `${lines.join('\n')}${isBad ? '\n{"no":json}' : ''}`;
  const answer = await request(`${url}/v1/events/${action}?location=${location}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${API_KEY}`,
      'content-type': isBatch ? 'application/x-ndjson' : 'application/json',
      ...(idempotencyKey !== null && { 'idempotency-key': idempotencyKey }),
    },
    body,
    dispatcher,
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 202) return { kind: 'refused', status: answer.statusCode };
  const { events } = JSON.parse(text) as { events: { id: string }[] };
  return {
    kind: 'ok',
    events: events.map((event) => event.id),
    isReplay: answer.headers['idempotency-replayed'] === 'true',
  };
}

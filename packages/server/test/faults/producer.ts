import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { Random } from '../crash/random.ts';
import { sha256 } from '../crash/reports.ts';
import { API_KEY } from '../start.ts';
import { instant, type Ledger } from './ledger.ts';

/** What the platform meant to say, and what it was told. All entries of a report share its key. */
export type SentEntry =
  | {
      readonly kind: 'intent';
      readonly key: string;
      readonly location: number;
      /** SHA-256 of the body that each receiver must get: `[` + record + `]`. */
      readonly records: readonly { readonly id: string; readonly sha256: string }[];
      readonly at: number;
    }
  | (Ending & { readonly key: string; readonly at: number; readonly tookMs: number });

/** Unknown: no answer, or one that leaves open whether the report was kept. */
export type Ending =
  | { readonly kind: 'ok'; readonly events: readonly string[]; readonly isReplay: boolean }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'unknown'; readonly why: string };

export interface Producer {
  /** Reports at this rate until it is stopped, each event at the location that `place` says. */
  run(load: { readonly perSecond: number; readonly place: () => number }): {
    stop(): Promise<void>;
  };
  /** Reports that many events at once, in batches; resolves when all are answered. */
  flood(input: { readonly events: number; readonly location: number }): Promise<void>;
  /** Resolves when every report that is repeated at all has an answer. */
  settled(deadlineMs: number): Promise<void>;
  close(): Promise<void>;
  /** Answers that came, whatever they said: the slowest; and requests that got none. */
  readonly answers: { slowestMs: number; over5s: number; none: number };
}

/** A report under way; `isRepeated`: until it is known whether it was kept. */
interface Report {
  readonly key: string;
  readonly location: number;
  readonly lines: readonly string[];
  readonly isRepeated: boolean;
}

/** Longer than the service may ever take for an answer (5 s), so that a slow one is seen. */
const TIMEOUT_MS = 10_000;
/** A node that gave no answer is left alone for this long, if there is another one. */
const AVOID_MS = 2000;
/** Reports under way at most: beyond it the platform itself slows down. */
const MOST_UNDER_WAY = 256;
/** Now and then somebody does not ask again: whether it was kept stays unknown to them. */
const IMPATIENT = 0.1;
const BATCH = 500;

export interface ProducerInput {
  readonly ledger: Ledger<SentEntry>;
  readonly random: Random;
  /** Where nodes listen or listened: some may be dead. Tried in turn, as a client with a list would. */
  urls(): readonly string[];
}

/**
 * The platform's side: writes each intent down before it is sent, and each answer. Every report
 * has an Idempotency-Key; what is unknown is repeated with it, at the next node.
 */
export function createProducer(input: ProducerInput): Producer {
  const { ledger, random } = input;
  const dispatcher = new Agent({
    connections: 64,
    connect: { timeout: 2000 },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  });
  const answers = { slowestMs: 0, over5s: 0, none: 0 };
  const underWay = new Set<Promise<void>>();
  const closing = new AbortController();
  const loads: Promise<void>[] = [];
  const avoided = new Map<string, number>();
  let keys = 0;
  let ids = 0;
  let turn = 0;

  return {
    answers,
    run({ perSecond, place }) {
      let isStopped = false;
      const startedAt = instant();
      const running = (async () => {
        for (let begun = 0; !isStopped && !closing.signal.aborted;) {
          const wanted = ((instant() - startedAt) / 1000) * perSecond;
          for (; begun < wanted; begun++) {
            if (underWay.size < MOST_UNDER_WAY) void begin(reportOf(1, place()));
          }
          await pause(10);
        }
      })();
      loads.push(running);
      return {
        async stop() {
          isStopped = true;
          await running;
        },
      };
    },
    async flood({ events, location }) {
      for (let left = events; left > 0; left -= BATCH) {
        const done = begin(reportOf(Math.min(left, BATCH), location));
        if (underWay.size >= 4) await done;
      }
      await Promise.all(underWay);
    },
    async settled(deadlineMs) {
      const deadline = pause(deadlineMs, 'late', { ref: false });
      const all = Promise.all(underWay).then(() => 'settled');
      if ((await Promise.race([all, deadline])) === 'late')
        throw new Error(`${underWay.size} reports have no answer after ${deadlineMs} ms`);
    },
    async close() {
      closing.abort();
      await Promise.all([...loads, ...underWay]);
      await dispatcher.destroy();
    },
  };

  function reportOf(records: number, location: number): Report {
    const lines = Array.from({ length: records }, () => recordText(++ids, random));
    const isRepeated = records > 1 || !random.chance(IMPATIENT);
    return { key: `key-${++keys}`, location, lines, isRepeated };
  }

  function begin(report: Report): Promise<void> {
    const done = send(report).finally(() => underWay.delete(done));
    underWay.add(done);
    return done;
  }

  async function send(report: Report): Promise<void> {
    const { key, location, lines } = report;
    const records = lines.map((text) => ({ id: idOf(text), sha256: sha256(`[${text}]`) }));
    await ledger.append({ kind: 'intent', key, location, records, at: instant() });
    for (let tries = 0; !closing.signal.aborted; tries++) {
      const at = instant();
      const ending = await endingOf(report);
      const tookMs = instant() - at;
      await ledger.append({ ...ending, key, at, tookMs });
      if (ending.kind !== 'unknown' || !report.isRepeated) return;
      await pause(Math.min(1000, 50 * 2 ** tries) * (0.5 + random.next()));
    }
  }

  function nextNode(): string {
    const all = input.urls();
    const now = instant();
    const nodes = all.filter((url) => (avoided.get(url) ?? 0) < now);
    const among = nodes.length > 0 ? nodes : all;
    return among[turn++ % among.length]!;
  }

  async function endingOf({ key, location, lines }: Report): Promise<Ending> {
    const node = nextNode();
    const askedAt = instant();
    try {
      const answer = await request(`${node}/v1/events/BookingCreate?location=${location}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${API_KEY}`,
          'content-type': lines.length > 1 ? 'application/x-ndjson' : 'application/json',
          'idempotency-key': key,
        },
        body: lines.join('\n'),
        dispatcher,
        // The time that it waits for a connection counts as well.
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      const text = await answer.body.text();
      const tookMs = instant() - askedAt;
      answers.slowestMs = Math.max(answers.slowestMs, tookMs);
      if (tookMs > 5000) answers.over5s++;
      return readAnswer(answer.statusCode, text, answer.headers['idempotency-replayed'] === 'true');
    } catch (error) {
      avoided.set(node, instant() + AVOID_MS);
      if (!isRefusedConnection(error)) answers.none++;
      return { kind: 'unknown', why: whyOf(error) };
    }
  }
}

function readAnswer(status: number, text: string, isReplay: boolean): Ending {
  if (status === 202) {
    const { events } = JSON.parse(text) as { events: { id: string }[] };
    return { kind: 'ok', events: events.map(({ id }) => id), isReplay };
  }
  return status >= 500 || status === 429
    ? { kind: 'unknown', why: String(status) }
    : { kind: 'refused', status };
}

function whyOf(error: unknown): string {
  const { code, name } = error as { code?: string | number; name?: string };
  return typeof code === 'string' ? code : (name ?? String(error));
}

function isRefusedConnection(error: unknown): boolean {
  return (error as { code?: string }).code === 'ECONNREFUSED';
}

/** A record that no other one equals, with what a careless hand would change. */
function recordText(n: number, random: Random): string {
  const size = random.chance(0.02) ? 20_000 : random.between(50, 600);
  return `{"UniqueId":"id-${n}","Price":1.10,"Total":12345678901234567890,"Filling":"${'x'.repeat(size)}"}`;
}

function idOf(text: string): string {
  return /"UniqueId":"([^"]+)"/.exec(text)![1]!;
}

import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { eventually } from '../../eventually.ts';
import { API_KEY } from '../../start.ts';
import { instant } from '../ledger.ts';
import type { RestEvidence, Scene } from '../scene.ts';

/** Nothing is asked for longer than this, nor sent later than this after the database is back. */
const ANSWER_MS = 5000;
const RESUME_MS = 10_000;
const LOOK_MS = 200;

/** What nodes do while the database they share is away. */
export interface Outages {
  /** Does `fault`, during which the database fails, and waits until it can be used again. */
  during(what: string, fault: () => Promise<void>): Promise<void>;
  /** The nodes that last said at `/readyz` that they take no events. */
  refusing(): readonly string[];
  /** Ends the looks. Every node lives on, none was slow, and each said what it should. */
  stop(): Promise<void>;
}

/**
 * Asks all nodes all the time whether they are ready, and for something to read, and holds them
 * to R6: an answer within 5 s, 200 or 503 with `Retry-After`; calls again within 10 s after the
 * database is back; no process ends.
 */
export function watchOutages(scene: Scene): Outages {
  const { service, faults, violations, notes } = scene;
  const pids = service.nodes.map((node) => node.process!.pid);
  const ready = new Map<string, boolean>();
  let isStopped = false;
  let slowestMs = 0;
  let refusals = 0;
  const looking = Promise.all(
    service.urls.flatMap((url) =>
      ['/readyz', '/v1/webhooks'].map(async (path) => {
        while (!isStopped) {
          await look(url, path);
          await pause(LOOK_MS);
        }
      }),
    ),
  );
  scene.atRest = (evidence) => checkAnswers(evidence);

  return {
    async during(what, fault) {
      const at = instant();
      await fault();
      await eventually(() => accepts(service.databaseUrl), { deadlineMs: 60_000 });
      faults.note(what, at, instant());
    },
    refusing: () => service.urls.filter((url) => ready.get(url) === false),
    async stop() {
      isStopped = true;
      await looking;
      for (const [i, node] of service.nodes.entries()) {
        if (node.process?.pid !== pids[i]) violations.push(`R6: node ${i + 1} has ended`);
      }
    },
  };

  async function look(node: string, path: string): Promise<void> {
    const url = node + path;
    const askedAt = instant();
    try {
      const answer = await fetch(url, {
        headers: { authorization: `Bearer ${API_KEY}` },
        signal: AbortSignal.timeout(2 * ANSWER_MS),
      });
      await answer.text();
      const isProbe = path === '/readyz';
      if (isProbe) ready.set(node, answer.status === 200);
      if (answer.status === 503) refusals++;
      else if (answer.status !== 200) violations.push(`R6: ${url} answered ${answer.status}`);
      if (!isProbe && answer.status === 503 && !answer.headers.has('retry-after'))
        violations.push(`R6: ${url} answered 503 without Retry-After`);
    } catch (error) {
      violations.push(`R6: ${url} gave no answer: ${(error as Error).message}`);
    }
    slowestMs = Math.max(slowestMs, instant() - askedAt);
  }

  function checkAnswers({ sent, receipts }: RestEvidence): void {
    const { answers } = scene.producer;
    if ((slowestMs > ANSWER_MS || answers.over5s > 0) && scene.standstills.length === 0)
      violations.push(
        `R6: the slowest answer took ${Math.round(Math.max(slowestMs, answers.slowestMs))} ms`,
      );
    if (refusals === 0) notes.push('nobody who only asks noticed');
    const others = sent.filter((entry) => entry.kind === 'unknown' && entry.why !== '503');
    for (const entry of others.slice(0, 5))
      violations.push(`R6: a report ended with ${JSON.stringify(entry)}`);
    notes.push(`calls again after at most ${(longestSilence(receipts) / 1000).toFixed(1)} s`);
  }

  /** From the moment that the database can be used again to the next call. */
  function longestSilence(receipts: RestEvidence['receipts']): number {
    let longest = 0;
    for (const [i, { what, until }] of faults.faults.entries()) {
      const next = receipts.find(({ at }) => at > until);
      const isBrokenAgain = (faults.faults[i + 1]?.at ?? Infinity) < (next?.at ?? Infinity);
      if (isBrokenAgain) continue;
      const silence = (next?.at ?? Infinity) - until;
      if (silence > RESUME_MS && scene.standstills.length === 0)
        violations.push(`R6: no call for ${silence} ms after: ${what}`);
      longest = Math.max(longest, silence);
    }
    return longest;
  }
}

/** On SQLite whatever was broken is back when the fault is over. */
async function accepts(url: string | null): Promise<boolean> {
  if (url === null) return true;
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    await client.end();
    return true;
  } catch {
    return false;
  }
}

import { createHash } from 'node:crypto';
import type { Random } from './random.ts';

/** A record that no other one equals, and what is expected of it. */
export interface TrackedRecord {
  readonly id: string;
  readonly bytes: Buffer;
  /** SHA-256 of the body that a receiver must get: `[` + record in ASCII + `]`. */
  readonly sha256: string;
  /** How many calls the flaky receivers answer with 500 first. */
  readonly fails: number;
}

/** One request to report an action, good or bad. */
export interface Report {
  readonly action: string;
  readonly location: number;
  readonly records: readonly TrackedRecord[];
  readonly isBatch: boolean;
  readonly idempotencyKey: string | null;
  /** A batch with a line that is no JSON: nothing of it may be kept. */
  readonly isBad: boolean;
  /** Carries the Idempotency-Key of another report that was accepted: it must be refused. */
  readonly isTwin: boolean;
}

export const ACTIONS = ['BookingCreate', 'CoworkerCreate', 'CoworkerInvoicePaid'] as const;
export const LOCATIONS = [1, 2, 3] as const;
/** A record that fails more often than there are calls. */
export const POISON = 99;

/** Makes reports as a platform would send them in all their forms, each with new ids. */
export function reportsFrom(random: Random): { next(): Report; twinOf(report: Report): Report } {
  let ids = 0;
  let keys = 0;

  return {
    next() {
      const isBatch = random.chance(0.15);
      const isBad = isBatch && random.chance(0.15);
      return {
        action: random.pick(ACTIONS),
        location: random.pick(LOCATIONS),
        records: Array.from({ length: isBatch ? random.between(2, 30) : 1 }, record),
        isBatch,
        isBad,
        isTwin: false,
        idempotencyKey: random.chance(0.5) ? `key-${++keys}` : null,
      };
    },
    twinOf: (report) => ({ ...report, records: report.records.map(record), isTwin: true }),
  };

  function record(): TrackedRecord {
    const id = `id-${++ids}`;
    const fails = random.chance(0.01) ? POISON : random.chance(0.25) ? random.between(1, 2) : 0;
    const note = random.chance(0.1) ? 'Grüße – 会議室 🎺' : 'Room Oak';
    const size = random.chance(0.02) ? 40_000 : random.between(50, 800);
    const text = `{"UniqueId":"${id}","Fails":${fails},"Price":1.10,"Note":"${note}","Filling":"${'x'.repeat(size)}"}`;
    return { id, bytes: Buffer.from(text), sha256: sha256(`[${inAscii(text)}]`), fails };
  }
}

export function sha256(body: string | Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}

function inAscii(text: string): string {
  return text.replaceAll(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

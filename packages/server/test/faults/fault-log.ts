import { setTimeout as pause } from 'node:timers/promises';
import { instant } from './ledger.ts';

/** A call by its delivery and its number. */
export type Call = readonly [delivery: string, attempt: number];

/** Something that was broken on purpose. */
export interface Fault {
  readonly what: string;
  readonly at: number;
  /** When it was over; for a kill, when the process was gone. */
  readonly until: number;
  /**
   * The calls that it may have cut off: of all deliveries that were leased when it happened, the
   * one that was under way or came next. What had been called by then was in flight.
   */
  readonly cut: readonly Call[];
}

export interface FaultLog {
  readonly faults: readonly Fault[];
  /**
   * Does `fault`, then notes what is leased. That includes what nodes hold that live on, so it is a
   * little more than what the fault may cost.
   */
  cutOff(what: string, fault: () => Promise<unknown>): Promise<void>;
  /** The same for something that stands still for a time: `freeze` returns what ends that. */
  standStill(what: string, freeze: () => () => void, ms: number): Promise<void>;
  /** A fault that must not repeat any call. */
  note(what: string, at?: number, until?: number): void;
}

export function createFaultLog(leased: () => Promise<readonly Call[]>): FaultLog {
  const faults: Fault[] = [];
  return {
    faults,
    async cutOff(what, fault) {
      const at = instant();
      await fault();
      const until = instant();
      faults.push({ what, at, until, cut: await leased() });
    },
    async standStill(what, freeze, ms) {
      const at = instant();
      const thaw = freeze();
      const cut = await leased();
      await pause(at + ms - instant());
      thaw();
      faults.push({ what, at, until: instant(), cut });
    },
    note(what, at = instant(), until = at) {
      faults.push({ what, at, until, cut: [] });
    },
  };
}

import { setTimeout as pause } from 'node:timers/promises';
import { instant } from './ledger.ts';

/** Something that was broken on purpose. */
export interface Fault {
  readonly what: string;
  readonly at: number;
  /** When it was over; for a kill the same moment. */
  readonly until: number;
  /** Calls that had arrived at receivers and were not written down when it happened. */
  readonly inFlight: number;
}

export interface FaultLog {
  readonly faults: readonly Fault[];
  /**
   * Does `fault`, then counts what was in flight: deliveries that are leased and whose call has
   * arrived. That includes those of nodes that live on, so it is a little more than what the fault
   * may cost.
   */
  cutOff(what: string, fault: () => Promise<unknown>): Promise<void>;
  /** The same for something that stands still for a time: `freeze` returns what ends that. */
  standStill(what: string, freeze: () => () => void, ms: number): Promise<void>;
  /** A fault that must not repeat any call. */
  note(what: string, at?: number, until?: number): void;
  /** A fault of which the recipe itself knows what was in flight. */
  add(fault: Fault): void;
}

export function createFaultLog(countInFlight: () => Promise<number>): FaultLog {
  const faults: Fault[] = [];
  return {
    faults,
    async cutOff(what, fault) {
      const at = instant();
      await fault();
      const until = instant();
      faults.push({ what, at, until, inFlight: await countInFlight() });
    },
    async standStill(what, freeze, ms) {
      const at = instant();
      const thaw = freeze();
      const inFlight = await countInFlight();
      await pause(at + ms - instant());
      thaw();
      faults.push({ what, at, until: instant(), inFlight });
    },
    note(what, at = instant(), until = at) {
      faults.push({ what, at, until, inFlight: 0 });
    },
    add: (fault) => void faults.push(fault),
  };
}

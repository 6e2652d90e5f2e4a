/**
 * Loaded into a node before anything else (`--import`): its `Date` is off by as many milliseconds
 * as the file CLOCK_SHIFT_FILE says, at any moment anew. What counts monotonically goes on as it
 * does when somebody sets the clock of a machine.
 */
import { readFileSync } from 'node:fs';

const file = process.env['CLOCK_SHIFT_FILE']!;
const trueNow = Date.now;
let shiftMs = 0;
let readAt = -Infinity;

globalThis.Date = class extends Date {
  constructor(...given: unknown[]) {
    if (given.length === 0) super(shiftedNow());
    else super(...(given as [number]));
  }

  static override now(): number {
    return shiftedNow();
  }
} as DateConstructor;

function shiftedNow(): number {
  const now = performance.now();
  if (now - readAt > 10) {
    readAt = now;
    shiftMs = Number(readFileSync(file, 'utf8'));
  }
  return trueNow() + shiftMs;
}

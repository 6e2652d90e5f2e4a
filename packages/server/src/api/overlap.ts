import { Type } from 'typebox';
import { parseDurationMs } from '../config/durations.ts';
import { AppError } from './problem.ts';

/** Time enough to give every receiver the new one; short enough to be over before it is forgotten. */
const DEFAULT_OVERLAP = '24h';
const MAX_OVERLAP_MS = 30 * 24 * 3_600_000;

/** How long what signed until now goes on signing beside what takes its place. */
export const OVERLAP = Type.Optional(
  Type.String({
    description:
      'How long the one until now goes on signing, up to `30d`, like `36h`; `0`: no more',
    default: DEFAULT_OVERLAP,
  }),
);

export function readOverlap(overlap = DEFAULT_OVERLAP): number {
  const ms = overlap === '0' ? 0 : parseDurationMs(overlap);
  if (ms === undefined || ms > MAX_OVERLAP_MS) {
    throw new AppError(
      'invalid_request',
      'overlap: must be 0 or a duration up to 30d, like 36h',
      'overlap',
    );
  }
  return ms;
}

import { bodies } from './bodies.ts';
import type { HostileCase } from './case.ts';
import { connections } from './connections.ts';
import { handshakes } from './handshakes.ts';
import { heads } from './heads.ts';
import { timings } from './timings.ts';

/** Every way we know in which a receiver is hostile, broken or merely odd. */
export const hostileCases: readonly HostileCase[] = [
  ...connections,
  ...handshakes,
  ...heads,
  ...bodies,
  ...timings,
];

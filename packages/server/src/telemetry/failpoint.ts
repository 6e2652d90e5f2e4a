/**
 * Places at which crash tests end the process as `kill -9` would: `POSTHORN_FAILPOINT=NAME` or
 * `NAME:5` for the fifth time it is passed. Without the variable a failpoint is one comparison.
 */
export type Failpoint =
  | 'accept:before-commit'
  | 'accept:after-commit'
  | 'accept:before-answer'
  | 'attempt:before-call'
  | 'attempt:after-call'
  | 'settle:before-commit'
  | 'settle:after-commit'
  | 'move:marked'
  | 'move:begun'
  | 'move:before-commit'
  | 'move:after-commit'
  | 'move:finished';

// The one reading of the environment outside config/: the store's thread needs it too, and it
// must stay out of what people configure.
const [armed, count = '1'] = (process.env['POSTHORN_FAILPOINT'] ?? '').split(/:(?=\d+$)/);
let left = Number(count);

export function failpoint(name: Failpoint): void {
  if (armed !== name || --left > 0) return;
  process.kill(process.pid, 'SIGKILL');
  // The signal may take a moment to arrive; nothing after this point may run.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

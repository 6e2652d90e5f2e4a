import type { Attempt } from '@posthorn/sdk';

export interface TimingBar {
  readonly step: 'dns' | 'connect' | 'tls' | 'wait' | 'read' | 'failed';
  /** Since the call began. */
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * What a call spent its time with, one step behind the other. Steps that did not take place are left
 * out; the last one of a call without an answer is what it failed in.
 */
export function timingBarsOf({ timings, response }: Pick<Attempt, 'timings' | 'response'>) {
  const { dnsMs, connectMs, tlsMs, firstByteMs, totalMs } = timings;
  const bars: TimingBar[] = [];
  let at = 0;
  const until = (step: TimingBar['step'], toMs: number) => {
    // Clocks are read at different places; a step that ends before it began took no time.
    const end = Math.min(Math.max(toMs, at), totalMs);
    bars.push({ step, fromMs: at, toMs: end });
    at = end;
  };
  if (dnsMs !== null) until('dns', dnsMs);
  if (connectMs !== null) until('connect', (dnsMs ?? 0) + connectMs);
  if (tlsMs !== null) until('tls', (dnsMs ?? 0) + (connectMs ?? 0) + tlsMs);
  if (response === null || firstByteMs === null) until('failed', totalMs);
  else {
    until('wait', firstByteMs);
    until('read', totalMs);
  }
  return bars;
}

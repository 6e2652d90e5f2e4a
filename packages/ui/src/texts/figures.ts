import { millisecondsInWords } from './durations.ts';
import { texts } from './texts.ts';

const WHOLE = new Intl.NumberFormat();
const RATE = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 2 });
/** A hundred failures of a million are not "100 %". */
const SHARE = new Intl.NumberFormat(undefined, {
  style: 'percent',
  maximumFractionDigits: 2,
  roundingMode: 'floor',
});
const NONE = '–';

export function whole(number: number): string {
  return WHOLE.format(number);
}

/** `2.5 per second`; slower ones by the minute or the hour, so that there is a number to see. */
export function perSecond(rate: number): string {
  if (rate >= 1 || rate === 0) return texts.overview.perSecond(RATE.format(rate));
  if (rate * 60 >= 1) return texts.overview.perMinute(RATE.format(rate * 60));
  return texts.overview.perHour(RATE.format(rate * 3600));
}

/** `99.99%`; a dash if nothing was called. */
export function share(part: number | null): string {
  return part === null ? NONE : SHARE.format(part);
}

/** `45 ms`, `1.25 s`; a dash if nothing was answered. */
export function duration(ms: number | null): string {
  return ms === null ? NONE : millisecondsInWords(ms);
}

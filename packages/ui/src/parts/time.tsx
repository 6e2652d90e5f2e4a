import { texts } from '../texts/texts.ts';

const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const TODAY = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

const DATED = new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeStyle: 'short' });

const BRIEF_TODAY = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const BRIEF_THIS_YEAR = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const BRIEF = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

interface TimeProps {
  /** Null: never. */
  readonly at: string | null;
  /** Today `10:42`, before that `3 Nov`: for sentences. */
  readonly isBrief?: boolean;
  /** With its date also today, and without seconds: `3 November 2026 at 10:42`. */
  readonly isDated?: boolean;
}

/** An instant of the API in the reader's zone; in UTC when the pointer rests on it. */
export function Time({ at, isBrief = false, isDated = false }: TimeProps) {
  if (at === null) return <span>{texts.parts.never}</span>;
  const instant = new Date(at);
  return (
    <time dateTime={at} title={utcOf(instant)}>
      {isDated ? DATED.format(instant) : isBrief ? inBrief(instant) : inWords(instant)}
    </time>
  );
}

/** Today's instants without their date. */
function inWords(instant: Date): string {
  return (isToday(instant) ? TODAY : FULL).format(instant);
}

function inBrief(instant: Date): string {
  if (isToday(instant)) return BRIEF_TODAY.format(instant);
  const isThisYear = instant.getFullYear() === new Date().getFullYear();
  return (isThisYear ? BRIEF_THIS_YEAR : BRIEF).format(instant);
}

/** In the reader's zone. */
export function isToday(instant: Date): boolean {
  return instant.toDateString() === new Date().toDateString();
}

/** `2026-11-03 10:42:07.120 UTC` */
export function utcOf(instant: Date): string {
  return `${instant.toISOString().replace('T', ' ').replace('Z', '')} UTC`;
}

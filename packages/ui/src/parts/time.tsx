import { texts } from '../texts/texts.ts';

const SHORT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const TODAY = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

/** An instant of the API in the reader's zone; in UTC when the pointer rests on it. Null: never. */
export function Time({ at }: { readonly at: string | null }) {
  if (at === null) return <span>{texts.parts.never}</span>;
  return (
    <time dateTime={at} title={utcOf(new Date(at))}>
      {inWords(new Date(at))}
    </time>
  );
}

/** Today's instants without their date. */
function inWords(instant: Date): string {
  const isToday = instant.toDateString() === new Date().toDateString();
  return (isToday ? TODAY : SHORT).format(instant);
}

/** `2026-11-03 10:42:07.120 UTC` */
function utcOf(instant: Date): string {
  return `${instant.toISOString().replace('T', ' ').replace('Z', '')} UTC`;
}

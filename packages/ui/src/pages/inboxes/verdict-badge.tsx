import type { InboxRequest, SignatureVerdict } from '@posthorn/sdk';
import { type Mood, StateBadge } from '../../parts/state-badge.tsx';
import { texts } from '../../texts/texts.ts';

const MOODS: Readonly<Record<SignatureVerdict, Mood>> = {
  valid: 'good',
  invalid: 'bad',
  missing: 'warn',
  no_secret: 'calm',
};

/** What a signature is worth. */
export function VerdictBadge({ verdict }: { readonly verdict: SignatureVerdict }) {
  return <StateBadge mood={MOODS[verdict]}>{texts.inboxes.verdict[verdict]}</StateBadge>;
}

/** From the best to the worst. */
const ORDER: readonly SignatureVerdict[] = ['valid', 'no_secret', 'missing', 'invalid'];

/** Both signatures in one word: the worse of them. */
export function worseOf({ nexudus, standard }: InboxRequest['signature']): SignatureVerdict {
  return ORDER.indexOf(nexudus) > ORDER.indexOf(standard) ? nexudus : standard;
}

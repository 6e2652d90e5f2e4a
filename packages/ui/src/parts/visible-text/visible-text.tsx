import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { texts } from '../../texts/texts.ts';
import { piecesOf } from './pieces.ts';
import styles from './visible-text.module.css';

interface VisibleTextProps {
  readonly text: string;
  /** Characters that are shown before a person asks for more. */
  readonly foldAfter?: number;
}

/** What one unfolding shows at most: the browser lays this much out without a pause. */
const UNFOLD = 100_000;

/**
 * Text that strangers wrote: names, URLs, error texts, headers, bodies. It is shown as text and
 * nothing else, characters that cannot be seen are named, its direction ends with it, and what is
 * long is folded.
 */
export function VisibleText({ text, foldAfter = 2000 }: VisibleTextProps) {
  const [shown, setShown] = useState(foldAfter);
  const hidden = text.length - shown;
  return (
    <bdi className={styles.text}>
      {piecesOf(hidden > 0 ? text.slice(0, shown) : text).map((piece, index) =>
        'text' in piece ? (
          piece.text
        ) : (
          // oxlint-disable-next-line no-array-index-key -- a piece is its place
          <span key={index} className={styles.hidden}>
            <span className="unseen">{texts.parts.control(piece.hidden)}</span>
            <span aria-hidden="true">{piece.hidden}</span>
          </span>
        ),
      )}
      {hidden > 0 && (
        <UnstyledButton className={styles.fold} onClick={() => setShown(shown + UNFOLD)}>
          … {texts.parts.unfold(hidden)}
        </UnstyledButton>
      )}
      {hidden <= 0 && text.length > foldAfter && (
        <UnstyledButton className={styles.fold} onClick={() => setShown(foldAfter)}>
          {texts.parts.fold}
        </UnstyledButton>
      )}
    </bdi>
  );
}

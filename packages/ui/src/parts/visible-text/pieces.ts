/** A run of text as it is, or one character that nobody would see, by its code point. */
export type Piece = { readonly text: string } | { readonly hidden: string };

/**
 * What is invisible or changes how the text around it is shown: control characters, marks of
 * direction, zero-width characters, odd line ends, tags, halves of surrogate pairs, letters without
 * a shape. Tabs and line ends are what they are.
 */
const HIDDEN = /\r(?!\n)|[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]--[\t\n\r]]/gv;

/** Splits text of strangers so that everything in it can be seen. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { 0: character, index } of text.matchAll(HIDDEN)) {
    if (index > end) pieces.push({ text: text.slice(end, index) });
    pieces.push({ hidden: codePointOf(character) });
    end = index + character.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** `U+202E` */
function codePointOf(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}

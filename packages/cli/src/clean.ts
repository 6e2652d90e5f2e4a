/** ESC [ … letter and ESC ] … BEL or ESC \: what a terminal would obey. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const SEQUENCES = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?/g;

/** C0 but tab and line feed, DEL, C1, and the characters that turn the direction of writing. */
const CONTROLS = /(?![\t\n])[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text that is safe to show: whatever somebody else wrote (a receiver's answer, a webhook's name, a
 * record) can neither move the cursor, colour, retitle nor write over what stands there.
 */
export function clean(text: string): string {
  return text.replaceAll(SEQUENCES, '').replaceAll(CONTROLS, '');
}

/** The same, for a cell of a table. */
export function inOneLine(text: string): string {
  return clean(text).replaceAll(/\s+/g, ' ').trim();
}

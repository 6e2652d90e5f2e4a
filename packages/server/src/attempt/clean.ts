/**
 * Makes text of the receiver fit to be shown in a line: printable ASCII only, each run of anything
 * else as one `?`, and at most `maxChars` (then it ends in `...`).
 */
export function clean(text: string, maxChars: number): string {
  // Cut first: the input can be 16 KiB, and a replacement never makes it longer.
  const cut = text.length > maxChars;
  const shown = cut ? text.slice(0, maxChars - 3) : text;
  const printable = shown.replaceAll(/[^\x20-\x7e]+/g, '?');
  return cut ? `${printable}...` : printable;
}

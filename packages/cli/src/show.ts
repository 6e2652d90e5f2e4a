import { clean, inOneLine } from './clean.ts';

/** Where commands write, and whether people or programs read it. */
export interface Show {
  readonly json: boolean;
  readonly write: (text: string) => unknown;
}

type Cell = string | number | boolean | null | undefined;

/** A table of the items, or a JSON document with all of them. */
export function showTable<T>(
  { json, write }: Show,
  items: readonly T[],
  columns: Readonly<Record<string, (item: T) => Cell>>,
): void {
  if (json) {
    write(asJson(items));
    return;
  }
  const rows = items.map((item) => Object.values(columns).map((cell) => cellText(cell(item))));
  const heads = Object.keys(columns);
  const widths = heads.map((head, i) =>
    Math.max(head.length, ...rows.map((row) => row[i]!.length)),
  );
  for (const row of [heads, ...rows]) {
    write(
      `${row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd()}\n`,
    );
  }
}

/** A line per field, or the JSON of the thing itself. */
export function showFields(
  { json, write }: Show,
  thing: object,
  fields: Readonly<Record<string, Cell>>,
): void {
  if (json) {
    write(asJson(thing));
    return;
  }
  const width = Math.max(...Object.keys(fields).map((name) => name.length));
  for (const [name, value] of Object.entries(fields)) {
    write(`${name.padEnd(width)}  ${cellText(value)}\n`);
  }
}

/** Lines of text, not in JSON. */
export function showText({ json, write }: Show, text: string): void {
  if (!json) write(`${clean(text)}\n`);
}

/** Lines of JSON, as they come. */
export async function showLines({ write }: Show, lines: AsyncIterable<string>): Promise<void> {
  for await (const line of lines) write(harmless(line));
}

function asJson(value: unknown): string {
  return `${harmless(JSON.stringify(value, null, 2))}\n`;
}

/** `JSON.stringify` escapes C0; the rest would still reach the terminal. */
function harmless(json: string): string {
  const escaped = (char: string) => `\\u${char.codePointAt(0)!.toString(16).padStart(4, '0')}`;
  return json.replaceAll(/[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, escaped);
}

function cellText(value: Cell): string {
  return value == null || value === '' ? '-' : inOneLine(String(value));
}

import { hash } from 'node:crypto';
import { withoutNul } from '../store/postgres/database.ts';
import type { ColumnKind, Table } from './tables.ts';

/** One column of a row, as SQLite gives it. */
export type Value = string | number | Uint8Array | null;
export type Row = readonly Value[];

/** A row in COPY's text format: values between tabs, `\N` for null, line feed at the end. */
export function copyLine({ columns }: Table, row: Row): string {
  let line = '';
  for (let i = 0; i < columns.length; i++) {
    if (i > 0) line += '\t';
    line += copyValue(columns[i]!.kind, row[i]!);
  }
  return `${line}\n`;
}

function copyValue(kind: ColumnKind, value: Value): string {
  if (value === null) return String.raw`\N`;
  switch (kind) {
    case 'text':
      return escaped(withoutNul(value as string));
    case 'integer':
      return String(value);
    case 'bytes':
      return String.raw`\\x${hexOf(value as Uint8Array)}`;
    case 'real':
      // Rounded here, as the column would, so that both sides know the same number.
      return String(Math.fround(value as number));
  }
}

const SPECIAL = /[\\\n\r\t]/;
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': String.raw`\\`,
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
};

function escaped(text: string): string {
  return SPECIAL.test(text)
    ? text.replaceAll(/[\\\n\r\t]/g, (character) => ESCAPES[character]!)
    : text;
}

/** How many different fingerprints a row can have: sums of two stay exact numbers. */
export const FINGERPRINTS = 2 ** 48;

/**
 * 48 bits of the SHA-256 of a row as text: a line per value, `-` for null, `=` before any other.
 * {@link fingerprintSql} is the same in PostgreSQL.
 */
export function fingerprint({ columns }: Table, row: Row): number {
  let text = '';
  for (let i = 0; i < columns.length; i++) {
    if (i > 0) text += '\n';
    text += plainValue(columns[i]!.kind, row[i]!);
  }
  return hash('sha256', text, 'buffer').readUIntBE(0, 6);
}

function plainValue(kind: ColumnKind, value: Value): string {
  if (value === null) return '-';
  switch (kind) {
    case 'text':
      return `=${withoutNul(value as string)}`;
    case 'integer':
      return `=${value as number}`;
    case 'bytes':
      return `=${hexOf(value as Uint8Array)}`;
    case 'real': {
      const bytes = Buffer.allocUnsafe(4);
      bytes.writeFloatBE(value as number);
      return `=${bytes.toString('hex')}`;
    }
  }
}

/** An SQL expression for the fingerprint of a row in PostgreSQL. */
export function fingerprintSql({ columns }: Table): string {
  const values = columns.map(({ name, kind }) => `coalesce('=' || ${asText(kind, name)}, '-')`);
  const digest = `sha256(convert_to(${values.join(' || chr(10) || ')}, 'UTF8'))`;
  return `('x' || left(encode(${digest}, 'hex'), 12))::bit(48)::bigint`;
}

function asText(kind: ColumnKind, name: string): string {
  switch (kind) {
    case 'text':
      return `"${name}"`;
    case 'integer':
      return `"${name}"::text`;
    case 'bytes':
      return `encode("${name}", 'hex')`;
    case 'real':
      return `encode(float4send("${name}"), 'hex')`;
  }
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

import { type JsonNode, readPlacedJson } from '../../parts/json/read-json.ts';

/** What is to be said about a record, and where. */
export interface Finding {
  /** In characters from the beginning of the text. */
  readonly at: number;
  /** Such as `TeamMembers[0].Id`; empty: the record as a whole. */
  readonly path: string;
  readonly problem: RecordProblem;
}

export type RecordProblem =
  /** Cannot be reported. */
  | { readonly kind: 'not-json' | 'not-an-object' }
  /** Differs from the schema, which the service describes and does not enforce. */
  | { readonly kind: 'missing' | 'twice' }
  | { readonly kind: 'type'; readonly wanted: readonly string[]; readonly found: string }
  | { readonly kind: 'format'; readonly format: 'date-time' | 'uuid' };

/** The part of JSON Schema that the catalogue is written in. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

const FORMATS: Readonly<Record<string, RegExp>> = {
  'date-time': /^\d{4}-\d\d-\d\dt\d\d:\d\d(:\d\d(\.\d+)?)?(z|[+-]\d\d:\d\d)?$/i,
  uuid: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i,
};

/**
 * Reads a record as it was typed: whether it can be reported, and where it differs from the schema of
 * its action. A validator of the usual kind would read numbers with fewer digits than they have, know
 * no places, and be made of code at run time, which the policy of the pages forbids.
 */
export function checkRecord(text: string, schema: Readonly<Record<string, unknown>>): Finding[] {
  const read = readPlacedJson(text);
  if (read.root === null) {
    return [{ at: read.brokenAt, path: '', problem: { kind: 'not-json' } }];
  }
  const { root, places } = read;
  const findings: Finding[] = [];
  const find = (node: JsonNode, path: string, problem: RecordProblem) =>
    findings.push({ at: places.get(node)!, path, problem });

  if (root.kind === 'object') check(root, '', schema);
  else find(root, '', { kind: 'not-an-object' });
  return findings;

  function check(node: JsonNode, path: string, asked: Schema): void {
    const wanted = typeof asked.type === 'string' ? [asked.type] : (asked.type ?? []);
    if (wanted.length > 0 && !wanted.some((type) => isOf(node, type))) {
      find(node, path, { kind: 'type', wanted, found: node.kind });
      return;
    }
    if (node.kind === 'object') {
      checkFields(node, path, asked);
    } else if (node.kind === 'array' && asked.items !== undefined) {
      for (const [index, item] of node.items.entries())
        check(item, `${path}[${index}]`, asked.items);
    } else if (node.kind === 'string' && FORMATS[asked.format ?? '']?.test(node.value) === false) {
      find(node, path, { kind: 'format', format: asked.format as 'date-time' | 'uuid' });
    }
  }

  function checkFields(
    node: Extract<JsonNode, { kind: 'object' }>,
    path: string,
    { properties = {}, required = [] }: Schema,
  ): void {
    const seen = new Set<string>();
    const pathOf = (field: string) => (path === '' ? field : `${path}.${field}`);
    for (const [field, value] of node.fields) {
      if (seen.has(field)) find(value, pathOf(field), { kind: 'twice' });
      seen.add(field);
      const asked = Object.hasOwn(properties, field) ? properties[field] : undefined;
      if (asked !== undefined) check(value, pathOf(field), asked);
    }
    for (const field of required)
      if (!seen.has(field)) find(node, pathOf(field), { kind: 'missing' });
  }
}

/** Whether the record cannot be reported as it is. */
export function isRefused({ problem: { kind } }: Finding): boolean {
  return kind === 'not-json' || kind === 'not-an-object';
}

/** From 1. */
export function lineAt(text: string, at: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i !== -1 && i < at; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

function isOf(node: JsonNode, type: string): boolean {
  if (type !== 'integer') return node.kind === type;
  return node.kind === 'number' && Number.isInteger(Number(node.text));
}

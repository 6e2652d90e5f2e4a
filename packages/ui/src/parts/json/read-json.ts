/**
 * A piece of JSON as it was written: numbers keep their digits, fields their order, and a key that
 * stands there twice is there twice. `JSON.parse` keeps none of the three.
 */
export type JsonNode =
  | { readonly kind: 'object'; readonly fields: readonly (readonly [string, JsonNode])[] }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number' | 'boolean' | 'null'; readonly text: string };

/** Deeper than any record that the service takes; receivers answer with what they like. */
const MAX_DEPTH = 200;

const TOKEN =
  /[ \t\n\r]*(?:("[^"\\\0-\x1f]*(?:\\.[^"\\\0-\x1f]*)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false)|(null)|([{}[\],:])|$)/y;

/** Where each value begins in the text, in characters; or where the text stops being JSON. */
export type PlacedJson =
  | { readonly root: JsonNode; readonly places: ReadonlyMap<JsonNode, number> }
  | { readonly root: null; readonly brokenAt: number };

/** Reads JSON without changing anything in it; null if it is none, or nested more than 200 deep. */
export function readJson(text: string): JsonNode | null {
  return readPlacedJson(text).root;
}

/** The same, for those who point at what they mean. */
export function readPlacedJson(text: string): PlacedJson {
  const places = new Map<JsonNode, number>();
  try {
    return { root: read(text, places), places };
  } catch (error) {
    if (error instanceof NotJson) return { root: null, brokenAt: error.at };
    throw error;
  }
}

class NotJson extends Error {
  readonly at: number;

  constructor(at: number) {
    super(`not JSON at ${at}`);
    this.at = at;
  }
}

function read(text: string, places: Map<JsonNode, number>): JsonNode {
  let at = 0;
  let token: RegExpExecArray;
  /** Of the token. */
  let start = 0;

  const advance = () => {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (found === null) throw new NotJson(at + text.slice(at).search(/[^ \t\n\r]/));
    token = found;
    at = TOKEN.lastIndex;
    start = at - found[0].trimStart().length;
  };
  const mark = () => token[5];
  const expect = (wanted: string) => {
    if (mark() !== wanted) throw new NotJson(start);
    advance();
  };
  const string = (): string => {
    const [, quoted] = token;
    if (quoted === undefined) throw new NotJson(start);
    const begins = start;
    advance();
    try {
      return JSON.parse(quoted) as string;
    } catch {
      // An escape that JSON does not know.
      throw new NotJson(begins);
    }
  };

  const list = <T>(end: string, one: () => T): T[] => {
    advance();
    const all: T[] = [];
    if (mark() !== end) {
      all.push(one());
      while (mark() === ',') {
        advance();
        all.push(one());
      }
    }
    expect(end);
    return all;
  };

  const value = (depth: number): JsonNode => {
    const begins = start;
    const node = bareValue(depth);
    places.set(node, begins);
    return node;
  };

  const bareValue = (depth: number): JsonNode => {
    if (depth > MAX_DEPTH) throw new NotJson(start);
    const [, quoted, number, boolean, nothing] = token;
    if (quoted !== undefined) return { kind: 'string', value: string() };
    const literal = number ?? boolean ?? nothing;
    if (literal !== undefined) {
      advance();
      const kind = number === undefined ? (nothing === undefined ? 'boolean' : 'null') : 'number';
      return { kind, text: literal };
    }
    if (mark() === '[') return { kind: 'array', items: list(']', () => value(depth + 1)) };
    if (mark() !== '{') throw new NotJson(start);
    const field = (): [string, JsonNode] => {
      const key = string();
      expect(':');
      return [key, value(depth + 1)];
    };
    return { kind: 'object', fields: list('}', field) };
  };

  advance();
  const root = value(0);
  if (at !== text.length || token![0].trim() !== '') throw new NotJson(start);
  return root;
}

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

/** Reads JSON without changing anything in it; null if it is none, or nested more than 200 deep. */
export function readJson(text: string): JsonNode | null {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function read(text: string): JsonNode {
  let at = 0;
  let token: RegExpExecArray;

  const advance = () => {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (found === null) throw new SyntaxError(`not JSON at ${at}`);
    token = found;
    at = TOKEN.lastIndex;
  };
  const mark = () => token[5];
  const expect = (wanted: string) => {
    if (mark() !== wanted) throw new SyntaxError(`not JSON at ${at}`);
    advance();
  };
  const string = (): string => {
    const [, quoted] = token;
    if (quoted === undefined) throw new SyntaxError(`not JSON at ${at}`);
    advance();
    return JSON.parse(quoted) as string;
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
    if (depth > MAX_DEPTH) throw new SyntaxError('too deep');
    const [, quoted, number, boolean, nothing] = token;
    if (quoted !== undefined) return { kind: 'string', value: string() };
    const literal = number ?? boolean ?? nothing;
    if (literal !== undefined) {
      advance();
      const kind = number === undefined ? (nothing === undefined ? 'boolean' : 'null') : 'number';
      return { kind, text: literal };
    }
    if (mark() === '[') return { kind: 'array', items: list(']', () => value(depth + 1)) };
    if (mark() !== '{') throw new SyntaxError(`not JSON at ${at}`);
    const field = (): [string, JsonNode] => {
      const key = string();
      expect(':');
      return [key, value(depth + 1)];
    };
    return { kind: 'object', fields: list('}', field) };
  };

  advance();
  const root = value(0);
  if (at !== text.length || token![0].trim() !== '') throw new SyntaxError(`not JSON at ${at}`);
  return root;
}

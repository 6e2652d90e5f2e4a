import fc from 'fast-check';
import { anyJson, fieldOf, type Schema, valuesOf } from './from-schema.ts';
import type { Known } from './known.ts';

/** The part of an OpenAPI document that says what may be asked. */
export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { schema?: Schema }>> };
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

/** A request, but for what only the answers before it tell. */
export interface Draft {
  readonly method: string;
  readonly path: readonly Text[];
  readonly query: readonly (readonly [name: string, value: Text])[];
  readonly headers: Readonly<Record<string, Text>>;
  readonly body: string | Uint8Array | undefined;
}

/** A text as it stands, or one of those that answers told of: an id, a cursor, a key. */
type Text = string | { readonly kind: string; readonly nth: number; readonly otherwise: string };

/** One request, ready to be sent. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

export function complete(draft: Draft, known: Known): Sent {
  const pick = (text: Text) =>
    typeof text === 'string' ? undefined : known.pick(text.kind, text.nth);
  const asItStands = (text: Text) => (typeof text === 'string' ? text : text.otherwise);
  const told = (text: Text) => pick(text) ?? asItStands(text);
  // What stands in a path is escaped already; what was told may be any text.
  const toldInPath = (text: Text) => {
    const one = pick(text);
    return one === undefined ? asItStands(text) : escaped(one);
  };
  const query = draft.query
    .map(([name, value]) => `${escaped(name)}=${escaped(told(value))}`)
    .join('&');
  return {
    method: draft.method,
    path: draft.path.map(toldInPath).join('') + (query && `?${query}`),
    headers: Object.fromEntries(
      Object.entries(draft.headers).map(([name, value]) => [name, told(value)]),
    ),
    body: draft.body,
  };
}

/** What is no operation of the API and is reached all the same, by whoever reaches the port. */
const UNDESCRIBED: Description = {
  paths: Object.fromEntries(
    ['/healthz', '/readyz', '/metrics', '/docs/', '/docs/json', '/v1/openapi.json', '/', '/*']
      .map((path) => [path, { get: {} }] as const)
      .concat([['/inbox/{inboxes}', { get: {} }]]),
  ),
};

/**
 * Requests to every operation that the API describes: most of them as it wants them, each part of
 * them now and then as it does not. `key`: an operator's.
 */
export function requestsOf(description: Description, key: string): fc.Arbitrary<Draft> {
  const operations = [description, UNDESCRIBED].flatMap(({ paths }) =>
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        // Without what makes something there is nothing to ask about.
        weight: method === 'post' ? 3 : 1,
        arbitrary: draftsOf(path, method.toUpperCase(), operation, key),
      })),
    ),
  );
  return fc.oneof(...operations);
}

function draftsOf(
  template: string,
  method: string,
  operation: Operation,
  key: string,
): fc.Arbitrary<Draft> {
  const { parameters = [] } = operation;
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  const bodies =
    method === 'GET' ? hardlyEver(rawBodies()) : usually(bodiesOf(schema), rawBodies());
  return fc
    .record({
      method: usually(fc.constant(method), fc.constantFrom(...METHODS)),
      path: pathsOf(template, parameters),
      query: queriesOf(parameters),
      headers: headersOf(parameters, key),
      type: usually(fc.constant('application/json'), fc.constantFrom(...TYPES)),
      body: bodies,
    })
    .map(({ type, headers, ...draft }) => ({
      ...draft,
      headers:
        draft.body === undefined || type === '' ? headers : { ...headers, 'content-type': type },
    }));
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'];

const TYPES = [
  'application/x-ndjson',
  'application/json; charset=utf-8',
  'application/json; charset=utf-16',
  'application/json;',
  'APPLICATION/JSON',
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  ';',
  '',
];

function pathsOf(template: string, parameters: readonly Parameter[]): fc.Arbitrary<Text[]> {
  const pieces = template.split(/(\{[^}]+\})/).map((piece, i, all): fc.Arbitrary<Text> => {
    const name = /^\{([^}]+)\}$/.exec(piece)?.[1];
    if (name === undefined) return fc.constant(piece);
    const schema = parameters.find((one) => one.in === 'path' && one.name === name)?.schema ?? {};
    const values = fc.oneof(
      { weight: 16, arbitrary: fieldOf(name, schema).map((value) => escaped(String(value))) },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme' }).map(escaped) },
      { weight: 1, arbitrary: fc.constantFrom('%zz', '%ff', '%00', '..', '%2e%2e%2f', '-1', '*') },
      { weight: 1, arbitrary: fc.constantFrom('BookingCreate', '6', '9223372036854775808') },
    );
    const kind = name === 'id' ? all[i - 1]!.split('/').at(-2)! : `${name.replace(/s$/, '')}s`;
    return fc.oneof(
      { weight: kind === 'actions' ? 0 : 3, arbitrary: tellings(kind, values) },
      { weight: 2, arbitrary: values },
    );
  });
  const endings = hardlyEver(
    fc.constantFrom('/', '//', '/..', '/%2e%2e', '.json', '#x', ';a=b', '/x'),
  );
  return fc.tuple(...pieces, endings).map((all) => all.filter((text) => text !== undefined));
}

function queriesOf(parameters: readonly Parameter[]): fc.Arbitrary<[string, Text][]> {
  const ofRoute = parameters
    .filter((one) => one.in === 'query')
    .map(({ name, schema = {} }) => {
      const texts = fc.oneof(
        { weight: 8, arbitrary: fieldOf(name, schema).map(String) },
        { weight: 1, arbitrary: anyJson().map(textOf) },
      );
      const values = fc.oneof<fc.Arbitrary<Text>[]>(texts, tellings(`${name}s`, texts));
      const given = name === 'cursor' ? fc.oneof(tellings('cursor', texts), texts) : values;
      return seldom(given.map((value): [string, Text] => [name, value]));
    });
  const strange = hardlyEver(
    fc.constantFrom<[string, Text]>(
      ['limit', '1'],
      ['limit', '500'],
      ['x', ''],
      ['__proto__', '1'],
    ),
  );
  return fc.tuple(...ofRoute, strange).map((all) => all.filter((one) => one !== undefined));
}

function headersOf(
  parameters: readonly Parameter[],
  key: string,
): fc.Arbitrary<Record<string, Text>> {
  const authorizations = fc.oneof(
    { weight: 30, arbitrary: fc.constant<Text>(`Bearer ${key}`) },
    { weight: 4, arbitrary: fc.nat().map((nth): Text => ({ kind: 'bearer', nth, otherwise: '' })) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Text>('', 'Bearer ', 'Basic eDp5', `bearer ph_x_${key}`),
    },
    { weight: 1, arbitrary: printable() },
  );
  const ofRoute = parameters
    .filter((one) => one.in === 'header')
    .map(({ name, schema = {} }) =>
      seldom(
        fc
          .oneof(valuesOf(schema).map(String), printable())
          .filter((value) => /^[\x20-\x7e]*$/.test(value))
          .map((value) => [name, value] as const),
      ),
    );
  const strange = hardlyEver(
    fc.oneof(
      fc.constantFrom(...STRANGE_HEADERS),
      printable().map((value) => ['x-anything', value] as const),
    ),
  );
  return fc
    .tuple(authorizations, ...ofRoute, strange)
    .map(([authorization, ...others]) =>
      Object.fromEntries(
        [['authorization', authorization] as const, ...others]
          .filter((one) => one !== undefined)
          .filter(([, value]) => value !== ''),
      ),
    );
}

const STRANGE_HEADERS: readonly (readonly [string, string])[] = [
  ['accept', 'application/x-ndjson'],
  ['accept', 'image/png'],
  ['accept-encoding', 'gzip, br'],
  ['accept-version', '9.9.9'],
  ['content-encoding', 'gzip'],
  ['cookie', 'posthorn=x; __Host-posthorn=y'],
  ['expect', '100-continue'],
  ['expect', 'the unexpected'],
  ['if-none-match', '*'],
  ['origin', 'https://evil.example'],
  ['range', 'bytes=0-1'],
  ['sec-fetch-site', 'cross-site'],
  ['x-forwarded-for', '\t, 1.2.3.4'],
  ['x-http-method-override', 'DELETE'],
];

function bodiesOf(schema: Schema | undefined): fc.Arbitrary<string> {
  // Where the description has no body the route takes bytes: a record, or many.
  if (schema === undefined) {
    const records = fc.dictionary(fc.string({ maxLength: 10 }), fc.jsonValue()).map(textOf);
    return fc.oneof(
      records,
      fc.array(records, { maxLength: 5 }).map((lines) => lines.join('\n')),
    );
  }
  const valid = valuesOf(schema);
  const changed = fc
    .tuple(valid, fc.constantFrom(...namesIn(schema), 'id', 'app', 'x'), anyJson(), fc.boolean())
    .map(([value, name, other, isRemoved]) => {
      const { [name]: _, ...rest } = { ...(value as Record<string, unknown>) };
      return isRemoved ? rest : { ...rest, [name]: other };
    });
  return fc
    .oneof(
      { weight: 6, arbitrary: valid },
      { weight: 3, arbitrary: changed },
      { weight: 1, arbitrary: anyJson() },
    )
    .map(textOf);
}

function namesIn({ properties = {}, anyOf = [] }: Schema): string[] {
  return [...Object.keys(properties), ...anyOf.flatMap(namesIn)];
}

/** What is no JSON, or none that anybody should read. */
function rawBodies(): fc.Arbitrary<string | Uint8Array | undefined> {
  return fc.oneof(
    fc.constant(undefined),
    fc.uint8Array(),
    fc.string({ unit: 'binary' }),
    anyJson().map((value) => textOf(value).slice(0, -1)),
    fc.constantFrom(
      '{"a":1,"a":2}',
      '\u{feff}{}',
      '['.repeat(10_000),
      `${'{"a":'.repeat(70)}1${'}'.repeat(70)}`,
      '1e999999',
      '{"a":"\\ud800"}',
      '{"a":"\\u0000"}',
      'null',
      '\n\n\n',
      ' '.repeat(300_000),
    ),
  );
}

/** One of those that answers told of. */
function tellings(kind: string, otherwise: fc.Arbitrary<string>): fc.Arbitrary<Text> {
  return fc.record({ kind: fc.constant(kind), nth: fc.nat(1000), otherwise });
}

function usually<A, B>(most: fc.Arbitrary<A>, rest: fc.Arbitrary<B>): fc.Arbitrary<A | B> {
  return fc.oneof({ weight: 14, arbitrary: most }, { weight: 1, arbitrary: rest });
}

function seldom<A>(values: fc.Arbitrary<A>): fc.Arbitrary<A | undefined> {
  return oneIn(4, values);
}

function hardlyEver<A>(values: fc.Arbitrary<A>): fc.Arbitrary<A | undefined> {
  return oneIn(20, values);
}

function oneIn<A>(times: number, values: fc.Arbitrary<A>): fc.Arbitrary<A | undefined> {
  return fc.oneof(
    { weight: times - 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: values },
  );
}

function printable(): fc.Arbitrary<string> {
  return fc.stringMatching(/^[\x21-\x7e]{0,30}$/);
}

function textOf(value: unknown): string {
  return JSON.stringify(value) ?? '';
}

/** What is half a character has no escape. */
function escaped(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

import fc from 'fast-check';

/** The part of JSON Schema that the description of the API uses. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Small numbers are the ids of what is there. */
const SMALL = 8;
const LONG_TEXT = 40;
const LONG_LIST = 6;

/** Values that a schema allows; short and small ones before all, as these get further. */
export function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(valuesOf));
  switch (schema.type) {
    case 'string':
      return textsOf(schema);
    case 'integer':
      return integersOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? LONG_LIST, LONG_LIST),
      });
    case 'object':
      return objectsOf(schema);
    case undefined:
    default:
      return anyJson();
  }
}

/** Any JSON at all, with what readers of JSON stumble over. */
export function anyJson(): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.jsonValue({ maxDepth: 3, stringUnit: 'grapheme' }) },
    { weight: 1, arbitrary: fc.constantFrom(...ODD_VALUES) },
  );
}

const ODD_VALUES: readonly unknown[] = [
  '',
  ' ',
  '\0',
  '\ud800',
  '\u202e',
  "'; select 1; --",
  '../../etc/passwd',
  '*',
  'x'.repeat(5000),
  Number.MAX_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER + 1,
  -1,
  0,
  0.5,
  1e300,
  -2_147_483_649,
  2_147_483_648,
  [],
  {},
  [[[[]]]],
  JSON.parse('{"__proto__":{"x":1},"constructor":{"prototype":{}}}'),
];

function textsOf({ pattern, minLength = 0, maxLength = LONG_TEXT }: Schema): fc.Arbitrary<string> {
  if (pattern !== undefined && pattern.startsWith('^')) {
    return fc.stringMatching(new RegExp(pattern)).filter((text) => text.length <= maxLength);
  }
  const limits = { minLength, maxLength: Math.min(maxLength, LONG_TEXT) };
  return fc.oneof(fc.string(limits), fc.string({ ...limits, unit: 'grapheme' }), TIMES);
}

/** Many a text is an instant or a duration; the schemas do not tell. */
const TIMES = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.nat().map(String),
  fc.constantFrom('0', '24h', '0s', '30d', '90d', '99999999d', '2027-01-01T00:00:00Z'),
);

function integersOf({
  minimum = Number.MIN_SAFE_INTEGER,
  maximum = Number.MAX_SAFE_INTEGER,
}: Schema): fc.Arbitrary<number> {
  const least = Math.max(minimum, 0);
  return fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: least, max: Math.min(maximum, least + SMALL) }) },
    { weight: 1, arbitrary: fc.maxSafeInteger().map((n) => clamp(n, minimum, maximum)) },
    { weight: 1, arbitrary: fc.constantFrom(minimum, maximum) },
  );
}

function clamp(n: number, minimum: number, maximum: number): number {
  return Math.min(Math.max(n, minimum), maximum);
}

function objectsOf({ properties = {}, required = [] }: Schema): fc.Arbitrary<object> {
  const fields = Object.entries(properties).map(
    ([name, schema]) => [name, fieldOf(name, schema)] as const,
  );
  return fc.record(Object.fromEntries(fields), { requiredKeys: [...required] });
}

/** Values of a field or a parameter, by its schema and by what its name says beyond it. */
export function fieldOf(name: string, schema: Schema): fc.Arbitrary<unknown> {
  // What the service makes of a URL it does in earnest, so none leads to anybody.
  if (name === 'url') return fc.constantFrom(...URLS);
  const values = valuesOf(schema);
  const names = NAMES[name];
  return names
    ? fc.oneof({ weight: 3, arbitrary: names }, { weight: 1, arbitrary: values })
    : values;
}

const ACTION = fc.constantFrom('BookingCreate', 'TariffCreate', '6', 'bookingcreate');

/** Texts of which a schema does not tell that only a few mean something. */
const NAMES: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  action: ACTION,
  actions: fc.oneof(fc.constant(['*']), fc.array(ACTION, { minLength: 1, maxLength: 3 })),
  scope: fc.constantFrom('default', 'location:1', 'location:2', 'app:1', 'app:2', 'app:99'),
};

/** Stands for the receiver of the test, whose port is known when it runs. */
export const RECEIVER = 'http://receiver.invalid/';

const URLS = [
  RECEIVER,
  RECEIVER,
  RECEIVER,
  RECEIVER,
  `${RECEIVER}path?q=%00#x`,
  'https://nobody.invalid/',
  'http://10.0.0.1/',
  'http://169.254.169.254/latest/meta-data/',
  'javascript:alert(1)',
  'http://[::ffff:127.0.0.1]:1/',
  'http://user:password@127.0.0.1:1/',
  'http://127.0.0.1:1/',
  '',
];

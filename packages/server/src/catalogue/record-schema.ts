/** Fields of a record in their order, each with its type: see `TYPES`, with a `?` if it may be null. */
export type FieldTypes = Readonly<Record<string, string>>;

export interface RecordFields {
  /** What a call to a receiver carries. */
  readonly fields: FieldTypes;
  /** Documented later, for REST answers only, and never seen in a call to a receiver. */
  readonly newerFields?: FieldTypes;
}

/** By name of the enum, of each value what the schema tells of it. */
type EnumLabels = ReadonlyMap<string, readonly { readonly Id: number; readonly Label: string }[]>;

const TYPES: Readonly<
  Record<string, { readonly type: string; readonly [keyword: string]: unknown }>
> = {
  int: { type: 'integer' },
  long: { type: 'integer' },
  'long[]': { type: 'array', items: { type: 'integer' } },
  decimal: { type: 'number' },
  bool: { type: 'boolean' },
  string: { type: 'string' },
  datetime: { type: 'string', format: 'date-time' },
  guid: { type: 'string', format: 'uuid' },
  object: { type: 'object' },
  'object[]': { type: 'array', items: { type: 'object' } },
  enum: { type: 'integer' },
};

/**
 * The JSON Schema (2020-12) of a record. The values of an enum are described, not enforced: the
 * platform adds values when it likes, and a record is never refused for one.
 */
export function recordSchema(
  record: string,
  { fields, newerFields = {} }: RecordFields,
  enums: EnumLabels,
): object {
  const properties = Object.entries({ ...fields, ...newerFields }).map(
    ([field, type]) => [field, fieldSchema(type, enums)] as const,
  );
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: record,
    type: 'object',
    properties: Object.fromEntries(properties),
    required: Object.keys(fields),
  };
}

/** Such as `int?`, `long[]`, or `enum eGender` where the enum is a known one. */
function fieldSchema(type: string, enums: EnumLabels): object {
  const nullable = type.endsWith('?');
  const [kind = '', enumName] = type.replace(/\?$/, '').split(' ');
  const schema = TYPES[kind];
  if (schema === undefined) throw new Error(`The catalogue has no field type ${type}.`);
  return {
    ...schema,
    ...(nullable && { type: [schema.type, 'null'] }),
    ...(enumName !== undefined && { description: describeEnum(enumName, enums) }),
  };
}

function describeEnum(name: string, enums: EnumLabels): string {
  const values = enums.get(name);
  if (values === undefined) throw new Error(`The catalogue has no enum ${name}.`);
  return `${name}: ${values.map(({ Id, Label }) => `${Id} ${Label}`).join(', ')}`;
}

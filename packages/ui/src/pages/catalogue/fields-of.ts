export interface Field {
  readonly name: string;
  /** As JSON Schema names them; of a list `integer[]`. */
  readonly types: readonly string[];
  readonly format: string | undefined;
  /** Only newer records have it. */
  readonly isOptional: boolean;
  readonly description: string | undefined;
}

interface Property {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly items?: { readonly type?: string };
  readonly description?: string;
}

/** The fields of a record, in their order, out of its schema. */
export function fieldsOf(schema: Readonly<Record<string, unknown>>): readonly Field[] {
  const { properties = {}, required = [] } = schema as {
    readonly properties?: Readonly<Record<string, Property>>;
    readonly required?: readonly string[];
  };
  const always = new Set(required);
  return Object.entries(properties).map(([name, { type, format, items, description }]) => ({
    name,
    types: (typeof type === 'string' ? [type] : (type ?? [])).map((one) =>
      one === 'array' ? `${items?.type ?? 'any'}[]` : one,
    ),
    format,
    isOptional: !always.has(name),
    description,
  }));
}

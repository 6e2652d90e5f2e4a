/**
 * Values as clients send them: numbers and truth values also as text, which one that is in use does
 * with every truth value. Undefined: it is none.
 */
export function readInteger(value: unknown): number | undefined {
  const number =
    typeof value === 'string' && /^-?\d{1,16}$/.test(value.trim()) ? Number(value) : value;
  return Number.isSafeInteger(number) ? (number as number) : undefined;
}

export function readBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

/** An instant in epoch milliseconds; without a zone it is UTC. */
export function readDate(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const [, day, time, zone = 'Z'] = DATE.exec(value.trim()) ?? [];
  if (day === undefined) return undefined;
  const ms = Date.parse(`${day}${time ?? 'T00:00'}${zone}`);
  return Number.isNaN(ms) ? undefined : ms;
}

const DATE = /^(\d{4}-\d\d-\d\d)(?:(T\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?)(Z|[+-]\d\d:\d\d)?)?$/;

/** The value of a property, whose name clients write in any case; undefined: it is not there. */
export function propertyOf(body: unknown, name: string): unknown {
  if (typeof body !== 'object' || body === null) return undefined;
  const wanted = name.toLowerCase();
  return Object.entries(body).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

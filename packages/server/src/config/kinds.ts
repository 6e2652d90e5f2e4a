/** The kinds of options there are: each knows how its text becomes a value, and what it may be. */
import { parseDurationMs } from './durations.ts';
import { parseRoleRule, type RoleRule } from './role-rules.ts';

/** One option: how it is called, what it means, and how its text becomes a value or a complaint. */
export interface Option<T> {
  readonly variable: string;
  readonly default: string | null;
  readonly range: string;
  readonly meaning: string;
  /** Never throws: a wrong text comes back as `problem`, which says what is expected. */
  read(text: string | undefined): { value: T; problem?: string | undefined };
}

/** What is wrong with a text, as a rest of a sentence; undefined: nothing. */
type Check = (value: string) => string | undefined;

export function anyText(
  variable: string,
  fallback: string,
  meaning: string,
  check?: Check,
): Option<string> {
  return {
    variable,
    default: fallback,
    range: 'text',
    meaning,
    read: (given) => ({ value: given ?? fallback, problem: given && check?.(given) }),
  };
}

export function optionalText(
  variable: string,
  meaning: string,
  check: Check,
): Option<string | null> {
  return {
    variable,
    default: null,
    range: 'text',
    meaning,
    read: (given) => ({ value: given ?? null, problem: given && check(given) }),
  };
}

export function requiredText(variable: string, meaning: string, check: Check): Option<string> {
  return {
    variable,
    default: null,
    range: 'text',
    meaning,
    read: (given = '') => ({ value: given, problem: check(given) }),
  };
}

export function optionalUrl(variable: string, meaning: string): Option<string | null> {
  return optionalText(variable, meaning, (value) => {
    const url = URL.parse(value);
    return url && /^https?:$/.test(url.protocol) && url.pathname === '/'
      ? undefined
      : 'must be an origin like https://hooks.example.com';
  });
}

export function integer(
  variable: string,
  fallback: number,
  min: number,
  max: number,
  meaning: string,
): Option<number> {
  return {
    variable,
    default: String(fallback),
    range: `${min} to ${max}`,
    meaning,
    read: (given) => {
      if (given === undefined) return { value: fallback };
      const value = /^\d+$/.test(given) ? Number(given) : Number.NaN;
      return value >= min && value <= max
        ? { value }
        : { value: fallback, problem: `must be a whole number from ${min} to ${max}` };
    },
  };
}

export function duration(
  variable: string,
  fallback: string,
  min: string,
  max: string,
  meaning: string,
): Option<number> {
  const [fallbackMs, minMs, maxMs] = [fallback, min, max].map((d) => parseDurationMs(d) ?? 0);
  return {
    variable,
    default: fallback,
    range: `${min} to ${max}`,
    meaning,
    read: (given) => {
      if (given === undefined) return { value: fallbackMs! };
      const ms = parseDurationMs(given);
      return ms !== undefined && ms >= minMs! && ms <= maxMs!
        ? { value: ms }
        : { value: fallbackMs!, problem: `must be a duration from ${min} to ${max}, like 15s` };
    },
  };
}

export function durations(
  variable: string,
  fallback: string,
  meaning: string,
): Option<readonly number[]> {
  const parse = (value: string) => value.split(',').map((part) => parseDurationMs(part));
  return {
    variable,
    default: fallback,
    range: '1 to 10 durations, each up to 720h',
    meaning,
    read: (given) => {
      const delays = parse(given ?? fallback);
      const whole = delays.filter((ms) => ms !== undefined && ms <= 720 * 3_600_000) as number[];
      return whole.length === delays.length && whole.length <= 10
        ? { value: whole }
        : { value: [], problem: 'must be 1 to 10 durations with units, like 500ms,2s,1m' };
    },
  };
}

export function list(variable: string, meaning: string, check: Check): Option<readonly string[]> {
  return {
    variable,
    default: null,
    range: 'comma-separated',
    meaning,
    read: (given) => {
      const values = (given ?? '')
        .split(',')
        .map((value) => value.trim())
        .filter((value) => value !== '');
      return { value: values, problem: values.map(check).find((problem) => problem) };
    },
  };
}

export function roleRules(variable: string, meaning: string): Option<readonly RoleRule[]> {
  const texts = list(variable, meaning, (value) =>
    parseRoleRule(value)
      ? undefined
      : 'must be rules like staff=viewer or front-desk=manager@7+9; an operator has all locations',
  );
  return {
    ...texts,
    read(given) {
      const { value, problem } = texts.read(given);
      return { value: value.flatMap((text) => parseRoleRule(text) ?? []), problem };
    },
  };
}

export function choice<const C extends string>(
  variable: string,
  fallback: C,
  values: readonly C[],
  meaning: string,
): Option<C> {
  return {
    variable,
    default: fallback,
    range: values.join(', '),
    meaning,
    read: (given) => {
      if (given === undefined) return { value: fallback };
      const value = values.find((known) => known === given);
      return value
        ? { value }
        : { value: fallback, problem: `must be one of ${values.join(', ')}` };
    },
  };
}

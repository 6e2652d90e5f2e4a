import type {
  WebhookFilter,
  WebhookNumber,
  WebhookOrder,
  WebhookText,
} from '../store/operations/find-webhooks.ts';
import { readBoolean, readDate, readInteger } from './lenient.ts';
import { NotValid, propertyError } from './property-errors.ts';
import { NONE } from './webhook-record.ts';

/** What of webhooks a list is to show. */
export interface ListQuery {
  /** From 1. */
  readonly page: number;
  readonly size: number;
  readonly order: WebhookOrder;
  /** The property that the order is by, as it is spelt in records. */
  readonly orderField: string;
  readonly filters: readonly WebhookFilter[];
}

const DEFAULT_SIZE = 25;
const MAX_SIZE = 1000;
/** Beyond any list, and with any size still a number that a store can count to. */
const MAX_PAGE = 1_000_000_000;

/**
 * Paging, order and filters of a list. Names are read in any case; a filter that nobody knows is left
 * out, as clients have come to expect, and so is one without a value. Throws {@link NotValid}.
 */
export function readListQuery(query: unknown): ListQuery {
  const given = readParameters(query);
  const orderField = readOrderField(given.get('orderby')?.text);
  return {
    page: readCount(given, 'page', 1, MAX_PAGE),
    size: Math.min(readCount(given, 'size', DEFAULT_SIZE, Infinity), MAX_SIZE),
    order: { by: FIELDS[orderField]!.field, descending: readDescending(given.get('dir')?.text) },
    orderField,
    filters: [...given].flatMap(([key, parameter]) => filterOf(key, parameter) ?? []),
  };
}

/** The ids of `?id=[1,2]`; null: that is not what is asked for. */
export function readIds(query: unknown): readonly number[] | null {
  const id = readParameters(query).get('id');
  return id?.text.startsWith('[') === true ? readList(id) : null;
}

/** A command in the form of a body: `?Key=WEBHOOK_TEST&Ids=[1,2]`. */
export function readCommandQuery(query: unknown): object {
  const given = readParameters(query);
  const ids = given.get('ids')?.text.replace(/^\[(.*)\]$/, '$1');
  return { Key: given.get('key')?.text, Ids: ids?.split(',') };
}

interface Field {
  readonly field: WebhookNumber | WebhookText;
  readonly kind: Kind;
}
type Kind = 'number' | 'date' | 'action' | 'boolean' | 'text';

/** What a list can be put in order by. */
const FIELDS: Readonly<Record<string, Field>> = {
  Id: { field: 'id', kind: 'number' },
  BusinessId: { field: 'location', kind: 'number' },
  Name: { field: 'name', kind: 'text' },
  Action: { field: 'action', kind: 'action' },
  Description: { field: 'description', kind: 'text' },
  URL: { field: 'url', kind: 'text' },
  Active: { field: 'active', kind: 'boolean' },
  LastError: { field: 'lastError', kind: 'text' },
  ErrorCount: { field: 'errorCount', kind: 'number' },
  LastTrigger: { field: 'lastTriggerAt', kind: 'date' },
  UpdatedOn: { field: 'updatedAt', kind: 'date' },
  CreatedOn: { field: 'createdAt', kind: 'date' },
  UniqueId: { field: 'uniqueId', kind: 'text' },
  UpdatedBy: { field: 'updatedBy', kind: 'text' },
  SystemId: { field: 'systemId', kind: 'text' },
};

/** By the name of the parameter in lower case. */
const FILTERS: ReadonlyMap<string, Field> = new Map(
  [
    ...[
      'Id',
      'Name',
      'Action',
      'Description',
      'URL',
      'Active',
      'LastError',
      'ErrorCount',
      'LastTrigger',
      'SystemId',
    ].map((name) => [`WebHook_${name}`, name]),
    ['WebHook_Business', 'BusinessId'],
    ['Id', 'Id'],
    ['UniqueId', 'UniqueId'],
  ].map(([parameter, name]) => [parameter!.toLowerCase(), FIELDS[name!]!]),
);

const RANGES: ReadonlyMap<string, Field> = new Map(
  ['ErrorCount', 'LastTrigger', 'CreatedOn', 'UpdatedOn'].map((name) => [
    `webhook_${name.toLowerCase()}`,
    FIELDS[name]!,
  ]),
);

interface Parameter {
  /** As it was spelt. */
  readonly name: string;
  readonly text: string;
}
type Parameters = ReadonlyMap<string, Parameter>;

/** The parameters that have a value, by their names in lower case. */
function readParameters(query: unknown): Parameters {
  const given = new Map<string, Parameter>();
  for (const [name, value] of Object.entries(query as Record<string, string | string[]>)) {
    const key = name.toLowerCase();
    if (Array.isArray(value) || given.has(key))
      throw new NotValid([propertyError(name, 'is there twice', value)]);
    if (value !== '') given.set(key, { name, text: value });
  }
  return given;
}

function readCount(given: Parameters, name: string, fallback: number, max: number): number {
  const text = given.get(name)?.text;
  if (text === undefined) return fallback;
  const count = readInteger(text) ?? 0;
  if (count >= 1 && count <= max) return count;
  throw new NotValid([propertyError(name, 'must be a whole number from 1', text)]);
}

function readOrderField(text = 'Id'): string {
  const field = Object.keys(FIELDS).find((name) => name.toLowerCase() === text.toLowerCase());
  if (field !== undefined) return field;
  throw new NotValid([propertyError('orderBy', 'must be a property of the record', text)]);
}

/** In three spellings over the years; of `1`, which has meant both, the newest meaning. */
function readDescending(text = '0'): boolean {
  const found = DIRECTIONS.get(text.toLowerCase());
  if (found !== undefined) return found;
  throw new NotValid([propertyError('dir', 'must be 0 (ascending) or 1 (descending)', text)]);
}

const DIRECTIONS: ReadonlyMap<string, boolean> = new Map([
  ['0', false],
  ['1', true],
  ['-1', true],
  ['ascending', false],
  ['descending', true],
]);

function filterOf(key: string, parameter: Parameter): WebhookFilter | undefined {
  const [, side, ranged = ''] = /^(from|to)_(.+)$/.exec(key) ?? [];
  const range = RANGES.get(ranged);
  if (range) {
    const { from, to } = readNumbers(parameter, range.kind);
    const number = range.field as WebhookNumber;
    return side === 'from' ? { number, from } : { number, to };
  }
  const filter = FILTERS.get(key);
  if (!filter) return undefined;
  if (filter.kind === 'text') return { text: filter.field as WebhookText, is: parameter.text };
  const number = filter.field as WebhookNumber;
  if (number === 'id' && parameter.text.startsWith('['))
    return { number, among: readList(parameter) };
  return { number, ...readNumbers(parameter, filter.kind) };
}

/** The least and the greatest number that a text means: records show no parts of a second. */
function readNumbers({ name, text }: Parameter, kind: Kind): { from: number; to: number } {
  const value = readNumber(text, kind);
  if (value === undefined) throw new NotValid([propertyError(name, WANTED[kind], text)]);
  if (kind !== 'date') return { from: value, to: value };
  const from = value - (value % 1000);
  return { from, to: from + 999 };
}

function readNumber(text: string, kind: Kind): number | undefined {
  if (kind === 'date') return readDate(text);
  if (kind === 'boolean') return toNumber(readBoolean(text));
  const number = readInteger(text);
  // The store knows a webhook of several actions as one of none.
  return kind === 'action' && number === NONE ? 0 : number;
}

function toNumber(value: boolean | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

const WANTED: Readonly<Record<Kind, string>> = {
  number: 'must be a whole number',
  date: 'must be a time like 2026-05-13T20:55',
  action: 'must be a value of eWebhookAction',
  boolean: 'must be true or false',
  text: 'must be a text',
};

/** `[1,2]` */
function readList({ name, text }: Parameter): readonly number[] {
  const inner = /^\[([\d\s,]*)\]$/.exec(text)?.[1];
  const parts = inner?.trim() === '' ? [] : inner?.split(',').map(readInteger);
  if (parts && parts.length <= MAX_SIZE && !parts.includes(undefined)) {
    return [...new Set(parts as number[])];
  }
  throw new NotValid([propertyError(name, `must be at most ${MAX_SIZE} ids, like [1,2]`, text)]);
}

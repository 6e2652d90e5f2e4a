import { Ajv } from 'ajv';
import { Type } from 'typebox';
import { FIELDS } from '../api/routes/webhook-input.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { StoredWebhook, WebhookSettings } from '../store/operations/webhooks.ts';
import { propertyOf, readBoolean, readInteger } from './lenient.ts';
import { NotValid, propertyError, type PropertyError } from './property-errors.ts';
import { EVERYWHERE, NONE, onlyAction } from './webhook-record.ts';

/** What a record says about a webhook. */
export type WebhookInput = Required<Omit<WebhookSettings, 'concurrency'>> & {
  readonly active: boolean;
};

/** A webhook that is to be made; throws {@link NotValid} with all that is wrong. */
export function readNewWebhook(body: unknown, catalogue: Catalogue): WebhookInput {
  return read(body, { catalogue, before: null }, NEW_PROPERTIES) as WebhookInput;
}

/** The record that takes the place of the one before: what it leaves out is cleared. */
export function readReplacement(body: unknown, to: Reading): Partial<WebhookInput> {
  return read(body, to);
}

/** Only what is given, which must be something. */
export function readChange(body: unknown, to: Reading): Partial<WebhookInput> {
  const given = PROPERTIES.filter(({ name }) => propertyOf(body, name) !== undefined);
  if (given.length === 0)
    throw new NotValid([propertyError('WebHook', 'has no property that can be changed')]);
  return read(body, to, given);
}

export interface Reading {
  readonly catalogue: Catalogue;
  /** The webhook as it is; null: it is to be made. */
  readonly before: StoredWebhook | null;
}

/** What was read: a value, what is wrong with it, or `keep`: what the webhook has. */
type Found = { readonly value: unknown } | { readonly problem: string } | 'keep';

interface Property {
  readonly name: string;
  readonly field: keyof WebhookInput;
  /** What a property means that is not there, or null. */
  readonly absent: unknown;
  readonly read: (given: unknown, to: Reading) => Found;
}

const REQUIRED: Found = { problem: 'is a required field' };

const PROPERTIES: readonly Property[] = [
  { name: 'BusinessId', field: 'location', absent: EVERYWHERE, read: readLocation },
  { name: 'Name', field: 'name', absent: '', read: required(readText) },
  { name: 'Action', field: 'actions', absent: NONE, read: readAction },
  { name: 'Description', field: 'description', absent: '', read: readText },
  { name: 'URL', field: 'url', absent: '', read: required(readText) },
  { name: 'Active', field: 'active', absent: false, read: readActive },
  { name: 'SystemId', field: 'systemId', absent: '', read: readSystemId },
];

/** Made without a word about it, a webhook is on. */
const NEW_PROPERTIES = PROPERTIES.map((property) =>
  property.name === 'Active' ? { ...property, absent: true } : property,
);

const ajv = new Ajv({ strict: false });
const SCHEMAS = {
  ...FIELDS,
  systemId: Type.Union([Type.String({ maxLength: 500 }), Type.Null()]),
};
const CHECKS = Object.fromEntries(
  Object.entries(SCHEMAS).map(([field, schema]) => [field, ajv.compile(schema)]),
);

function read(
  body: unknown,
  to: Reading,
  properties: readonly Property[] = PROPERTIES,
): Partial<WebhookInput> {
  const settings: Record<string, unknown> = {};
  const errors: PropertyError[] = [];
  for (const property of properties) {
    const given = propertyOf(body, property.name);
    const found = checked(property, property.read(given ?? property.absent, to));
    if (found === 'keep') continue;
    if ('problem' in found) errors.push(propertyError(property.name, found.problem, given));
    else settings[property.field] = found.value;
  }
  if (errors.length > 0) throw new NotValid(errors);
  return settings;
}

/** The limits are those of every other way to ask. */
function checked({ field }: Property, found: Found): Found {
  if (found === 'keep' || 'problem' in found) return found;
  const check = CHECKS[field]!;
  return check(found.value) ? found : { problem: check.errors?.[0]?.message ?? 'is not valid' };
}

/** Only a webhook that is at all locations goes on to be: one without a location is a mistake. */
function readLocation(given: unknown, { before }: Reading): Found {
  const value = readInteger(given);
  if (value === undefined) return { problem: 'must be the id of a location' };
  if (value !== EVERYWHERE) return { value };
  return before !== null && before.location === null ? 'keep' : REQUIRED;
}

/** A webhook that has several actions keeps them when it comes back as its record shows it. */
function readAction(given: unknown, { catalogue, before }: Reading): Found {
  const isNamed = typeof given === 'string' || typeof given === 'number';
  const action = isNamed ? catalogue.findAction(String(given).trim()) : undefined;
  if (action === undefined) return { problem: 'must be a value of eWebhookAction' };
  if (action.value !== NONE) return { value: [action.value] };
  return before !== null && onlyAction(before) === null ? 'keep' : REQUIRED;
}

function readActive(given: unknown): Found {
  const value = readBoolean(given);
  return value === undefined ? { problem: 'must be true or false' } : { value };
}

function readSystemId(given: unknown): Found {
  return given === '' ? { value: null } : readText(given);
}

function readText(given: unknown): Found {
  return typeof given === 'string' ? { value: given } : { problem: 'must be a text' };
}

function required(readIt: (given: unknown) => Found): Property['read'] {
  return (given) => (typeof given === 'string' && given.trim() === '' ? REQUIRED : readIt(given));
}

import type { SecretScope } from '@posthorn/sdk';
import { InvalidArgumentError } from 'commander';

/** What was typed cannot be done as it stands. */
export class UsageError extends Error {}

export function readId(text: string): number {
  const id = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(id) && id > 0) return id;
  throw new InvalidArgumentError('It is a number from 1.');
}

/** `BookingCreate,BookingDelete`, or `all`. */
export function readActions(text: string): string[] {
  return text === 'all' ? ['*'] : text.split(',').map((name) => name.trim());
}

export function readScope(text: string): SecretScope {
  if (/^(default|(location|app):[1-9]\d{0,15})$/.test(text)) return text as SecretScope;
  throw new InvalidArgumentError('It is default, location:ID or app:ID.');
}

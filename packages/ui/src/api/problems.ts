import { PosthornError } from '@posthorn/sdk';
import { texts } from '../texts/texts.ts';

/** No answer from the service, or one of a proxy that found none. */
export function isGone(error: unknown): boolean {
  if (!(error instanceof PosthornError)) return false;
  const { code, status } = error;
  return code === 'unreachable' || (code === 'unexpected_answer' && (status ?? 0) >= 502);
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof PosthornError && error.code === 'unauthorized';
}

export function isNotFound(error: unknown): boolean {
  return error instanceof PosthornError && error.code === 'not_found';
}

export function isUnknownAction(error: unknown): boolean {
  return error instanceof PosthornError && error.code === 'unknown_action';
}

/** What went wrong, in a sentence for people. */
export function sentenceOf(error: unknown): string {
  if (isGone(error)) return texts.problems.gone;
  if (!(error instanceof PosthornError)) return texts.problems.ours;
  return texts.problems.byCode[error.code] ?? withoutField(error);
}

/** The API begins what is wrong with a field with its name, which people see as a label. */
function withoutField({ message, field }: PosthornError): string {
  const start = `${field}: `;
  if (!message.startsWith(start)) return message;
  const rest = message.slice(start.length);
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

/**
 * What the API said about a form: at its field if the form has that one, else for the form as a
 * whole (`form`).
 */
export function problemsOf<Field extends string>(
  error: unknown,
  fields: readonly Field[],
): Partial<Record<Field | 'form', string>> {
  const named = error instanceof PosthornError ? error.field?.split(/[./[]/)[0] : undefined;
  const field = fields.find((known) => known === named) ?? 'form';
  return { [field]: sentenceOf(error) } as Partial<Record<Field | 'form', string>>;
}

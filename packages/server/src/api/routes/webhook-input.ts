import { type Static, Type } from 'typebox';
import type { Catalogue } from '../../catalogue/catalogue.ts';
import type { CheckUrl, UrlCheck } from '../../net/check-url.ts';
import { AppError } from '../problem.ts';
import { requireAction } from '../require-action.ts';
import { LOCATION } from './events.ts';

/** What people decide about a webhook. */
export const FIELDS = {
  name: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }),
  actions: Type.Array(Type.Union([Type.String({ maxLength: 100 }), Type.Integer()]), {
    minItems: 1,
    maxItems: 200,
    description: 'Names or values of actions; `["*"]` for all',
  }),
  url: Type.String({ minLength: 1, maxLength: 2048 }),
  location: Type.Union([LOCATION, Type.Null()], { description: 'null: all locations' }),
  description: Type.String({ maxLength: 2000 }),
  concurrency: Type.Union([Type.Integer({ minimum: 1, maximum: 1000 }), Type.Null()], {
    description: 'Calls at once; null: the default of the service',
  }),
  active: Type.Boolean(),
};

export const WARNINGS = Type.Array(
  Type.Object({
    code: Type.Enum(['name_not_resolved']),
    field: Type.String(),
    detail: Type.String(),
  }),
  { description: 'What is worth a look although the request was done; absent if nothing is' },
);

const NAME_NOT_RESOLVED = {
  code: 'name_not_resolved',
  field: 'url',
  detail: 'The host of the URL does not resolve now. Calls fail until it does.',
} as const;

/** Added to an answer whose rest is described elsewhere. */
export const CHECKED = Type.Object(
  { warnings: Type.Optional(WARNINGS) },
  { additionalProperties: true },
);

/**
 * What is worth a look about a URL, to be added to an answer. Throws the 400 when it must not be called.
 * It is kept as it was typed.
 */
export async function requireCallable(
  checkUrl: CheckUrl,
  url: string,
): Promise<Static<typeof CHECKED>> {
  const check = await checkUrl(url);
  if (!check.ok) throw new AppError('blocked_url', `url: ${check.refusal.reason}`, 'url');
  const warnings = warningsFor(check);
  return warnings.length > 0 ? { warnings } : {};
}

export function warningsFor(check: UrlCheck & { readonly ok: true }) {
  return check.isResolved ? [] : [NAME_NOT_RESOLVED];
}

/** Action values in order; throws for what is no action. */
export function readActions(
  catalogue: Catalogue,
  actions: readonly (string | number)[],
): readonly number[] | '*' {
  if (actions.includes('*')) {
    if (actions.length === 1) return '*';
    throw new AppError('invalid_request', 'actions: "*" stands alone', 'actions');
  }
  return [...new Set(actions.map((action) => readAction(catalogue, action)))].toSorted(
    (a, b) => a - b,
  );
}

function readAction(catalogue: Catalogue, action: string | number): number {
  try {
    return requireAction(catalogue, String(action)).value;
  } catch (error) {
    throw new AppError('invalid_request', `actions: ${(error as Error).message}`, 'actions');
  }
}

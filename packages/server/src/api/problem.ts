import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { TooManyPasswords } from '../people/passwords.ts';
import { StoreUnavailable } from '../store/errors.ts';

/** Every code that an answer can carry, with its status and title. Codes never change. */
export const PROBLEMS = {
  invalid_request: [400, 'The request is not valid'],
  invalid_json: [400, 'The body is not valid JSON'],
  invalid_utf8: [400, 'The body is not valid UTF-8'],
  not_an_object: [400, 'The record is not a JSON object'],
  too_deep: [400, 'The record is nested too deeply'],
  no_records: [400, 'The body holds no record'],
  too_many_records: [400, 'The body holds too many records'],
  unknown_enum: [400, 'There is no such enum'],
  blocked_url: [400, 'This URL is not called'],
  unauthorized: [401, 'An API key or a session is missing or not valid'],
  sign_in_refused: [401, 'Signing in was refused'],
  code_needed: [401, 'A code is needed as well'],
  forbidden: [403, 'That is not allowed'],
  wrong_password: [403, 'The password is not right'],
  cross_site: [403, 'The request comes from another site'],
  https_needed: [403, 'Signing in needs https'],
  not_found: [404, 'There is nothing here'],
  unknown_action: [404, 'There is no such action'],
  conflict: [409, 'That does not fit the present state'],
  idempotency_conflict: [409, 'The Idempotency-Key was used for another request'],
  request_timeout: [408, 'The request took too long to arrive'],
  too_large: [413, 'The body is too large'],
  too_many_deliveries: [413, 'The records go to too many webhooks'],
  unsupported_media_type: [415, 'The content type is not one that is read here'],
  too_many_requests: [429, 'Too many requests'],
  headers_too_large: [431, 'The headers are too many or too large'],
  internal_error: [500, 'Posthorn made a mistake'],
  overloaded: [503, 'Too much waits to be stored'],
  store_unavailable: [503, 'The store cannot write now'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof PROBLEMS;

/** What a caller did wrong, or cannot have now; rendered as RFC 9457 problem details. */
export class AppError extends Error {
  readonly code: ProblemCode;
  readonly field: string | undefined;
  /** Seconds; if not given, as with every answer of this status. */
  readonly retryAfterS: number | undefined;

  constructor(code: ProblemCode, detail: string, field?: string, retryAfterS?: number) {
    super(detail);
    this.name = 'AppError';
    this.code = code;
    this.field = field;
    this.retryAfterS = retryAfterS;
  }
}

/** Seconds after which a caller that met a 503 may try again, unless the error knows better. */
const RETRY_AFTER_S = 1;

/** The one place where errors become answers. */
export function renderProblem(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { code, detail, field, retryAfterS = RETRY_AFTER_S } = problemOf(error, request);
  const [status, title] = PROBLEMS[code];
  if (status === 503 || status === 429) reply.header('retry-after', retryAfterS);
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  reply
    .code(status)
    // Also on what fails before any hook has run.
    .header('x-content-type-options', 'nosniff')
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: 'about:blank',
        title,
        status,
        code,
        detail,
        field,
        instance: request.url.split('?')[0],
      }),
    );
}

/** As {@link understood}, and our own mistakes are logged. */
export function problemOf(error: FastifyError | Error, request: FastifyRequest): Understood {
  const problem = understood(error);
  if (problem.code === 'internal_error')
    request.log.error({ err: error }, 'a request failed by our own mistake');
  return problem;
}

/** What an error means to a caller. */
interface Understood {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly field?: string | undefined;
  readonly retryAfterS?: number | undefined;
}

/** The same for whatever form the answer takes. */
export function understood(error: FastifyError | Error): Understood {
  if (error instanceof AppError) {
    const { code, message: detail, field, retryAfterS } = error;
    return { code, detail, field, retryAfterS };
  }
  if (error instanceof StoreUnavailable) {
    return { code: 'store_unavailable', detail: 'Nothing was stored. Try again.' };
  }
  if (error instanceof TooManyPasswords) {
    const { retryAfterS } = error;
    return { code: 'overloaded', detail: 'Too many people sign in at once.', retryAfterS };
  }
  if (!('statusCode' in error))
    return { code: 'internal_error', detail: 'The mistake is in our log.' };
  if (error.validation) return invalid(error);
  switch (error.statusCode) {
    case 400:
      return error instanceof SyntaxError || error.code === 'FST_ERR_CTP_INVALID_JSON_BODY'
        ? { code: 'invalid_json', detail: error.message }
        : { code: 'invalid_request', detail: error.message };
    case 404:
      return { code: 'not_found', detail: error.message };
    case 413:
      return { code: 'too_large', detail: 'The body is larger than allowed here.' };
    case 415:
      return { code: 'unsupported_media_type', detail: error.message };
    case 414:
      return { code: 'not_found', detail: 'There is nothing at a path as long as this.' };
    default:
      return { code: 'internal_error', detail: 'The mistake is in our log.' };
  }
}

/** The first thing that the route's schema found, and the field it is about. */
function invalid(error: FastifyError): Understood {
  const [first] = error.validation!;
  const params = first?.params ?? {};
  const missing =
    params['missingProperty'] ??
    params['additionalProperty'] ??
    (params['requiredProperties'] as string[] | undefined)?.[0];
  const path = (first?.instancePath ?? '').split('/').slice(1);
  if (typeof missing === 'string') path.push(missing);
  const field = path.join('.') || undefined;
  const message = first?.message ?? 'is not valid';
  return {
    code: 'invalid_request',
    detail: `${field ?? error.validationContext ?? 'request'}: ${message}`,
    field,
  };
}

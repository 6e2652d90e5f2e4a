/** What the service says is wrong, and `unreachable` and `unexpected_answer`, which we say. */
export type PosthornErrorCode =
  | 'invalid_request'
  | 'invalid_json'
  | 'invalid_utf8'
  | 'not_an_object'
  | 'too_deep'
  | 'no_records'
  | 'too_many_records'
  | 'unknown_enum'
  | 'blocked_url'
  | 'unauthorized'
  | 'sign_in_refused'
  | 'code_needed'
  | 'forbidden'
  | 'wrong_password'
  | 'cross_site'
  | 'https_needed'
  | 'not_found'
  | 'unknown_action'
  | 'conflict'
  | 'idempotency_conflict'
  | 'request_timeout'
  | 'too_large'
  | 'too_many_deliveries'
  | 'unsupported_media_type'
  | 'too_many_requests'
  | 'headers_too_large'
  | 'internal_error'
  | 'overloaded'
  | 'store_unavailable'
  | 'unreachable'
  | 'unexpected_answer';

interface ErrorInput {
  readonly code: PosthornErrorCode;
  readonly message: string;
  readonly status?: number | null;
  readonly field?: string | null;
  readonly retryAfterMs?: number | null;
  readonly cause?: unknown;
}

/**
 * A request that did not succeed. Codes never change; a newer service may know more of them than
 * the type. A request that its `signal` ended rejects with the signal's reason instead.
 */
export class PosthornError extends Error {
  readonly code: PosthornErrorCode;
  /** Null if there was no answer (`unreachable`): nobody knows whether the request was done. */
  readonly status: number | null;
  /** What it is about, where it is about one thing: `url`, `actions`, `line 3`. */
  readonly field: string | null;
  /** With `overloaded`, `store_unavailable` and `too_many_requests`: nothing was kept; try again after this time. */
  readonly retryAfterMs: number | null;

  constructor({ code, message, status, field, retryAfterMs, cause }: ErrorInput) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'PosthornError';
    this.code = code;
    this.status = status ?? null;
    this.field = field ?? null;
    this.retryAfterMs = retryAfterMs ?? null;
  }
}

/** What an answer that is not 2xx says; `text` is its body. */
export function errorOf(response: Response, text: string): PosthornError {
  const problem = parsed(text);
  const retryAfterS = Number(response.headers.get('retry-after') ?? Number.NaN);
  const told = {
    status: response.status,
    retryAfterMs: Number.isNaN(retryAfterS) ? null : retryAfterS * 1000,
  };
  if (typeof problem?.code !== 'string') {
    return new PosthornError({
      ...told,
      code: 'unexpected_answer',
      message: `The server answers ${response.status}, and not as Posthorn does.`,
    });
  }
  return new PosthornError({
    ...told,
    code: problem.code as PosthornErrorCode,
    message: typeof problem.detail === 'string' ? problem.detail : problem.code,
    field: typeof problem.field === 'string' ? problem.field : null,
  });
}

interface Problem {
  readonly code?: unknown;
  readonly detail?: unknown;
  readonly field?: unknown;
}

function parsed(text: string): Problem | null {
  try {
    return JSON.parse(text) as Problem | null;
  } catch {
    return null;
  }
}

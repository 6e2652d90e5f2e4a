import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEMS, understood } from '../api/problem.ts';
import { failed, notValid } from './envelopes.ts';
import { propertyOf } from './lenient.ts';
import { NotValid, propertyError } from './property-errors.ts';

/** What the properties of `/v1` are called here. */
const PROPERTY_NAMES: ReadonlyMap<string, string> = new Map([
  ['location', 'BusinessId'],
  ['url', 'URL'],
]);

/**
 * Errors as clients know them: what is not valid in an envelope, 401 also for a missing role, 404 as
 * the text "Not found", and throttling as an empty 409.
 */
export function renderError(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof NotValid) return reply.code(400).send(notValid(error.errors));
  const { code, detail, field, retryAfterS = 1 } = understood(error);
  const [status, title] = PROBLEMS[code];
  if (code === 'unauthorized' || (code === 'forbidden' && field === undefined)) {
    return reply
      .code(401)
      .header('www-authenticate', ['Basic realm="Posthorn"', 'Bearer'])
      .send({ Message: detail });
  }
  if (status === 404) return reply.code(404).type('application/json').send('"Not found"');
  if (status === 429) return reply.code(409).header('retry-after', retryAfterS).send();
  if (status === 503)
    return reply.code(503).header('retry-after', retryAfterS).send({ Message: title });
  if (status === 500) {
    request.log.error({ err: error }, 'a request failed by our own mistake');
    return reply.code(500).send({ Message: 'An error has occurred.' });
  }
  reply.code(status === 403 ? 400 : status);
  if (field === undefined) return reply.send(failed(detail, []));
  const name = PROPERTY_NAMES.get(field) ?? field;
  const message = detail.replace(`${field}: `, '');
  return reply.send(notValid([propertyError(name, message, propertyOf(request.body, name))]));
}

import { Ajv } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';

/**
 * Validation by JSON Schema. Path, query and headers are text, so numbers and truth values in
 * them are read from text; a body says what it means, so nothing in it is converted.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<unknown> {
  const options = { strict: false, removeAdditional: false, useDefaults: true } as const;
  const ofText = new Ajv({ ...options, coerceTypes: true });
  const ofBodies = new Ajv({ ...options, coerceTypes: false });
  return ({ schema, httpPart }) =>
    (httpPart === 'body' ? ofBodies : ofText).compile(schema as object);
}

import { AppError } from './problem.ts';

export type BodyType = 'application/json' | 'application/x-ndjson';

/**
 * Which of these types a body is said to have. Exactly that, with no parameter but UTF-8: what else
 * a reader might make of a type is a way around validation. Throws the 415.
 */
export function bodyTypeOf(header: string | undefined, types: readonly BodyType[]): BodyType {
  const [, name = '', charset] =
    /^\s*([^\s;]+)\s*(?:;\s*charset="?([\w-]+)"?\s*)?$/i.exec(header ?? '') ?? [];
  const type = types.find((one) => one === name.toLowerCase());
  if (type === undefined || (charset !== undefined && !/^utf-8$/i.test(charset)))
    throw new AppError('unsupported_media_type', `Send ${types.join(' or ')}, in UTF-8.`);
  return type;
}

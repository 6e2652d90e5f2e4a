import { recordProblem, RECORD_PROBLEMS } from '../accept/record.ts';
import { AppError } from './problem.ts';

/**
 * The value of a JSON body that is for Posthorn itself (records are for receivers, and are kept as
 * they come). What two readers might understand differently is refused: invalid UTF-8, an object
 * that has a key twice, text that no store can keep. Throws an `AppError`.
 */
export function readJson(bytes: Buffer): unknown {
  const problem = recordProblem(bytes);
  // What it has to be is for the schema of the route to say.
  if (problem !== null && problem !== 'not_an_object')
    throw new AppError(problem, `body: ${RECORD_PROBLEMS[problem]}`);
  const text = bytes.toString();
  const repeated = repeatedKey(text);
  if (repeated !== undefined)
    throw new AppError('invalid_request', `${repeated}: is there twice`, repeated);
  // Without escapes a text is what its UTF-8 says, and to look at each value takes five times as long.
  return text.includes(String.raw`\u`) ? JSON.parse(text, refuseBrokenText) : JSON.parse(text);
}

/** A key that an object of this valid JSON has more than once. */
function repeatedKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [found, key, colon] of json.matchAll(/("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}]/g)) {
    if (found === '{') open.push(new Set());
    else if (found === '}') open.pop();
    else if (key !== undefined && colon !== undefined) {
      const keys = open.at(-1)!;
      const name = JSON.parse(key) as string;
      if (keys.has(name)) return name;
      keys.add(name);
    }
  }
  return undefined;
}

/** PostgreSQL keeps no NUL, and half a surrogate pair has no UTF-8. */
function refuseBrokenText(key: string, value: unknown): unknown {
  if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed()))
    throw new AppError('invalid_request', `${key}: must not contain NUL or half a character`, key);
  return value;
}

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/**
 * A password: where somebody types it is asked for twice and not shown, else it is the first line
 * that comes. Never an argument, which every process of the machine may read. Null: the two differ.
 */
export async function readPassword(
  input: NodeJS.ReadStream,
  output: NodeJS.WritableStream,
): Promise<string | null> {
  const questions = input.isTTY ? ['Password: ', 'The same again: '] : [''];
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: silent, terminal: input.isTTY });
  const answers = lines[Symbol.asyncIterator]();
  const given: string[] = [];
  for (const question of questions) {
    output.write(question);
    const answer = await answers.next();
    if (input.isTTY) output.write('\n');
    // The input ended.
    given.push(answer.done === true ? '' : answer.value);
  }
  lines.close();
  return given.every((one) => one === given[0]) ? given[0]! : null;
}

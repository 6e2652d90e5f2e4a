import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/**
 * A password: asked for where somebody types, without showing it; else the first line that comes.
 * Never an argument, which every process of the machine may read.
 */
export async function readPassword(
  input: NodeJS.ReadStream,
  output: NodeJS.WritableStream,
): Promise<string> {
  if (input.isTTY) output.write('Password: ');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: silent, terminal: input.isTTY });
  try {
    // Also the end of the input ends it.
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
    if (input.isTTY) output.write('\n');
  }
}

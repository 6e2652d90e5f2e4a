import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { curlOf } from '../src/pages/delivery/curl.ts';

/** What a shell would hand over to curl. */
function argumentsOf(command: string): string[] {
  const script = String.raw`curl() { for one; do printf '%s\0' "$one"; done; }
${command}`;
  return execFileSync('sh', ['-c', script]).toString().split('\0').slice(0, -1);
}

it('is one command, whatever stands in the call', () => {
  const url = `https://hooks.example.com/a'b?q={$(id)}&x=[1]`;
  const body = '[{"Name":"O\'Hara \\"$HOME\\" \\u00e9 `id`"}]';
  const command = curlOf({
    method: 'POST',
    url,
    headers: [
      ['content-type', 'application/json'],
      ['x-empty', ''],
      ['x-quote', `'; rm -rf "$HOME" #`],
    ],
    body,
  });
  const headers = ['content-type: application/json', 'x-empty;', `x-quote: '; rm -rf "$HOME" #`];
  expect(argumentsOf(command)).toEqual(
    ['-i', '-g', '-X', 'POST', url].concat(
      headers.flatMap((header) => ['-H', header]),
      '--data-raw',
      body,
    ),
  );
});

import type { Attempt } from '@posthorn/sdk';

/** A call as a command for a shell, to be made again from anywhere. */
export function curlOf({ method, url, headers, body }: Attempt['request']): string {
  return [
    // Braces and brackets in a URL are no pattern, and what answers is shown with its headers.
    `curl -i -g -X ${method} ${quoted(url)}`,
    ...headers.map(
      ([name, value]) => `-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`,
    ),
    `--data-raw ${quoted(body)}`,
  ].join(' \\\n  ');
}

/** In single quotes a shell changes nothing; a quote itself stands between two such texts. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

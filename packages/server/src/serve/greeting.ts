/** What people are told at the start. */
export interface Greeting {
  readonly url: string;
  readonly firstKey: string | null;
  /** Where the first person is made; null: there is somebody. */
  readonly setupLink: string | null;
}

/** Says that the service listens; the last line is the one that scripts wait for. */
export function showGreeting(shown: Greeting): void {
  process.stdout.write(greeting(shown));
}

export function showFirstKey(key: string): void {
  process.stdout.write(`\n  Your operator API key, shown this once: ${key}\n`);
}

function greeting({ url, firstKey, setupLink }: Greeting): string {
  const key = firstKey ?? '$POSTHORN_API_KEY';
  const setup =
    setupLink === null
      ? []
      : ['', '  Make yourself the first person, within a day:', '', `    ${setupLink}`];
  return [
    ...setup,
    '',
    '  Try it: make a receiver, a webhook to it, and report a booking.',
    '',
    `    curl -X POST ${url}/v1/inboxes -H "authorization: Bearer ${key}"`,
    `    curl -X POST ${url}/v1/webhooks -H "authorization: Bearer ${key}" -H 'content-type: application/json' \\`,
    `      -d '{"name":"First","actions":["*"],"url":"URL OF THE INBOX"}'`,
    `    curl -X POST ${url}/v1/events/BookingCreate -H "authorization: Bearer ${key}" -H 'content-type: application/json' \\`,
    `      -d '{"Id":1,"ResourceName":"Room Oak"}'`,
    '',
    `  API documentation: ${url}/docs`,
    '',
    `Posthorn is listening on ${url}`,
    '',
  ].join('\n');
}

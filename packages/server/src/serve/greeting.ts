/** Says that the service listens; the last line is the one that scripts wait for. */
export function showGreeting(url: string, firstKey: string | null): void {
  process.stdout.write(greeting(url, firstKey));
}

export function showFirstKey(key: string): void {
  process.stdout.write(`\n  Your operator API key, shown this once: ${key}\n`);
}

function greeting(url: string, firstKey: string | null): string {
  const key = firstKey ?? '$POSTHORN_API_KEY';
  return [
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

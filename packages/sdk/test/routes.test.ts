import { type Started, startServer } from '@posthorn/testkit/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '../src/index.ts';

let server: Started;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** What the service describes and no client calls, each with its reason. */
const NOT_OURS: readonly (readonly [route: RegExp, reason: string])[] = [
  [/ \/api\//, 'for clients of Nexudus; what they ask is under /v1 as well'],
  [/ \/v1\/live$/, 'a stream without an end, for which platforms have EventSource'],
  [/\/reveal$/, 'for a person who is signed in, and has a browser'],
];

test('every route that the service describes can be called', async () => {
  const { json } = await server.api('GET', '/v1/openapi.json');
  const described = Object.entries(json.paths as Record<string, object>)
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    .filter((route) => !NOT_OURS.some(([pattern]) => pattern.test(route)));
  expect(described.length).toBeGreaterThan(30);

  const called = await callAll();
  const missing = described.filter((route) => {
    const pattern = new RegExp(`^${route.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);
    return !called.some((one) => pattern.test(one));
  });
  expect(missing).toStrictEqual([]);
});

/** Calls everything that a client has, and tells what came of it: `GET /v1/webhooks/x`. */
async function callAll(): Promise<readonly string[]> {
  const called: string[] = [];
  const client = createClient({
    url: 'http://posthorn.invalid',
    fetch: async (input, init) => {
      called.push(`${init!.method!} ${new URL(input).pathname}`);
      return new Response('{"items":[],"events":[],"cursor":null}');
    },
  });
  // Good for an id, for text, for a list and for options alike.
  const anything = ['x'];
  for (const calls of Object.values<object>(client)) {
    const all = typeof calls === 'function' ? [calls] : Object.values(calls);
    for (const call of all as ((...args: unknown[]) => unknown)[]) {
      const made = call(anything, anything, anything) as object;
      if ('page' in made) await (made.page as () => Promise<unknown>)();
      else if (made instanceof Promise) await made;
    }
  }
  return called;
}

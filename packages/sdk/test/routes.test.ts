import { type Started, startServer } from '@posthorn/testkit/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AUDITED, createClient } from '../src/index.ts';

let server: Started;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** What the service describes and no client calls, each with its reason. */
const NOT_OURS: readonly (readonly [route: RegExp, reason: string])[] = [
  [/ \/api\//, 'for clients of Nexudus; what they ask is under /v1 as well'],
];

test('every route that the service describes can be called', async () => {
  const described = Object.entries(await askPaths())
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

test('the audit tells of what the service says that it tells of', async () => {
  const { get } = (await askPaths())['/v1/audit']!;
  const what = get!.parameters!.find(({ name }) => name === 'what');
  expect(what!.schema.enum).toStrictEqual(AUDITED);
});

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly schema: { enum?: unknown } }[];
}

/** What the service says of itself: by path and method. */
async function askPaths(): Promise<Record<string, Record<string, Operation>>> {
  const { json } = await server.api('GET', '/v1/openapi.json');
  return json.paths as Record<string, Record<string, Operation>>;
}

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
      else if (Symbol.asyncIterator in made)
        await (made as AsyncIterable<unknown>)[Symbol.asyncIterator]().next();
      else await (made as Promise<unknown>);
    }
  }
  return called;
}

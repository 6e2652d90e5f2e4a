import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiAnswer, type Started, startServer } from '../start.ts';

let server: Started;
beforeAll(async () => void (server = await startServer()));
afterAll(() => server.stop());

const bearer = ({ json }: ApiAnswer) => ({ authorization: `Bearer ${json.key}` });

async function listScopes(headers?: Record<string, string>): Promise<string[]> {
  const { json } = await server.api('GET', '/v1/secrets', undefined, headers);
  return (json.items as { scope: string }[]).map(({ scope }) => scope);
}

it('names the scopes that have a secret, page by page, and to each caller their own', async () => {
  expect(await listScopes()).toEqual([]);

  const app = (await server.api('POST', '/v1/apps', { name: 'Doors' })).json.id as number;
  const scopes = [`app:${app}`, 'default', 'location:7', 'location:8'];
  for (const scope of scopes)
    await server.api('PUT', `/v1/secrets/${scope}`, { secret: 'a tern flies far' });

  const paged: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { json }: ApiAnswer = await server.api('GET', `/v1/secrets?limit=1&cursor=${cursor}`);
    paged.push(...(json.items as { scope: string }[]).map(({ scope }) => scope));
    cursor = json.cursor as string | null;
  }
  expect(paged).toEqual(scopes);

  const ofLocation = bearer(
    await server.api('POST', '/v1/keys', { scopes: ['settings:write'], location: 7 }),
  );
  expect(await listScopes(ofLocation)).toEqual(['location:7']);
  const ofApp = bearer(await server.api('POST', `/v1/apps/${app}/keys`));
  expect(await listScopes(ofApp)).toEqual([`app:${app}`]);
  const atLocation = bearer(await server.api('POST', `/v1/apps/${app}/keys`, { location: 7 }));
  expect(await listScopes(atLocation)).toEqual([]);

  const { text } = await server.api('GET', '/v1/secrets');
  expect(text).not.toContain('tern');
});

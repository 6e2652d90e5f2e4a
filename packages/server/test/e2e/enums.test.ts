import { afterAll, beforeAll, expect, it } from 'vitest';
import actions from '../../src/catalogue/nexudus/actions.json' with { type: 'json' };
import { type Started, startServer } from '../start.ts';

let server: Started;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

it('lists all 90 actions as Id, Name and Label to anybody, without a key', async () => {
  const answer = await server.api('GET', '/api/utils/enums?name=eWebhookAction', undefined, {
    authorization: '',
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  expect(answer.json).toHaveLength(90);
  expect(answer.json).toStrictEqual(actions.map(([Id, Name, Label]) => ({ Id, Name, Label })));
  expect(answer.json[0]).toStrictEqual({ Id: 1, Name: 'None', Label: 'None' });
});

it.each([
  ['no name', ''],
  ['an empty name', '?name='],
  ['an unknown name', '?name=eNothing'],
  ['a name in another case', '?name=ewebhookaction'],
  ['a name of the prototype', '?name=__proto__'],
])('refuses %s with 400', async (_title, query) => {
  const answer = await server.api('GET', `/api/utils/enums${query}`);
  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.json).toMatchObject({ status: 400 });
  expect(answer.json.code).toBeTypeOf('string');
});

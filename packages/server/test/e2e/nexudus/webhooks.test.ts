import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import { createWebhook, getWebhook, report, waitForStates } from '../../asking.ts';
import { eventually } from '../../eventually.ts';
import { type ApiAnswer, type Started, startServer } from '../../start.ts';

/** `/api/sys/webhooks` beside what is published and was seen of the API that it follows. */

const WEBHOOKS = '/api/sys/webhooks';
const URL_OK = 'https://hooks.example.com/in';
/** Of an action that no test reports, so nothing is ever sent there. */
const RECORD = {
  BusinessId: 501,
  Name: 'Bookings to the door system',
  Action: 4,
  Description: 'Opens the door',
  URL: `${URL_OK}?event=BlogPostCreate`,
  Active: true,
};
const SECOND = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

let server: Started;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver({ answer: ({ path }) => (path === '/fails' ? 500 : 200) });
  server = await startServer({
    env: { POSTHORN_RETRY_SCHEDULE: '20ms,20ms', POSTHORN_DISABLE_AFTER: '2' },
  });
});
afterAll(async () => {
  await server.stop();
  await receiver.close();
});

const call = (method: string, path = '', body?: unknown) =>
  server.api(method, `${WEBHOOKS}${path}`, body);

async function make(record: object = {}): Promise<number> {
  const answer = await call('POST', '', { ...RECORD, ...record });
  expect(answer.status, answer.text).toBe(200);
  return answer.json.Value.Id as number;
}

const read = async (id: number) =>
  (await call('GET', `/${id}`)).json as typeof RECORD & {
    readonly ErrorCount: number;
    readonly LastError: string | null;
    readonly LastTrigger: string | null;
  };

/** The envelope of what was done. */
function expectDone(answer: ApiAnswer, message: string, id: number | null): void {
  expect(answer.status, answer.text).toBe(200);
  expect(answer.json).toStrictEqual({
    Status: 200,
    Message: message,
    Value: id === null ? null : { Id: id },
    OpenInDialog: false,
    OpenInWindow: false,
    RedirectURL: null,
    JavaScript: null,
    UpdatedOn: id === null ? null : SECOND,
    UpdatedBy: id === null ? null : 'POSTHORN_API_KEY',
    Errors: null,
    WasSuccessful: true,
  });
}

/** The envelope of what is not valid, with an error about each of these properties. */
function expectNotValid(answer: ApiAnswer, ...properties: readonly string[]): void {
  expect(answer.status, answer.text).toBe(400);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  const { Message, Errors, ...rest } = answer.json as {
    Message: string;
    Errors: { PropertyName: string; Message: string }[];
  };
  expect(rest).toStrictEqual({ Status: 500, Value: null, WasSuccessful: false });
  expect(Errors.map(({ PropertyName }) => PropertyName)).toStrictEqual(properties);
  for (const error of Errors) {
    expect(Object.keys(error)).toStrictEqual(['AttemptedValue', 'Message', 'PropertyName']);
  }
  if (Errors[0]) expect(Message).toBe(`${Errors[0].PropertyName}: ${Errors[0].Message}`);
}

function expectNotFound(answer: ApiAnswer): void {
  expect(answer.status).toBe(404);
  expect(answer.text).toBe('"Not found"');
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
}

describe('a record', () => {
  it('has all published properties in their order, and no envelope', async () => {
    const id = await make({ SystemId: 'door-1' });
    const answer = await call('GET', `/${id}`);
    expect(answer.status).toBe(200);
    expect(Object.entries(answer.json as object)).toStrictEqual(
      Object.entries({
        ...RECORD,
        LastError: null,
        ErrorCount: 0,
        LastTrigger: null,
        Id: id,
        UpdatedOn: SECOND,
        CreatedOn: SECOND,
        UniqueId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        UpdatedBy: 'POSTHORN_API_KEY',
        IsNew: false,
        SystemId: 'door-1',
        ToStringText: RECORD.Name,
        LocalizationDetails: null,
        CustomFields: null,
      }),
    );
  });

  it('of a webhook with several actions at all locations says None and no location', async () => {
    const several = await createWebhook(server, {
      url: URL_OK,
      actions: ['BlogPostCreate', 'BlogPostUpdate'],
    });
    const all = await createWebhook(server, { url: URL_OK, actions: ['*'], location: 502 });
    expect(await read(several.id)).toMatchObject({ Action: 1, BusinessId: 0, URL: URL_OK });
    expect(await read(all.id)).toMatchObject({ Action: 1, BusinessId: 502 });
    await call('DELETE', `/${all.id}`);
  });

  it.each(['999999', '0', '-1', 'x', '1e3', '99999999999999999999', '1%27--'])(
    '%s is not found',
    async (id) => {
      expectNotFound(await call('GET', `/${id}`));
      expectNotFound(await call('PUT', `/${id}`, { Active: true }));
      expectNotFound(await call('DELETE', `/${id}`));
    },
  );
});

describe('creating', () => {
  it('answers 200 with the id, and /v1 shows the same webhook', async () => {
    const answer = await call('POST', '', RECORD);
    const id = answer.json.Value.Id as number;
    expectDone(answer, 'WebHook was successfully created.', id);
    expect(await getWebhook(server, id)).toMatchObject({
      name: RECORD.Name,
      actions: ['BlogPostCreate'],
      url: RECORD.URL,
      location: 501,
      description: 'Opens the door',
      active: true,
    });
  });

  it('takes what clients send: numbers and truth values as text, names in any case', async () => {
    const { Id: id } = (
      await call('POST', '/', {
        businessId: '501',
        name: 'Lenient',
        action: '4',
        Url: URL_OK,
        active: 'False',
        CreatedOn: 'never',
        Colour: 'red',
      })
    ).json.Value as { Id: number };
    expect(await read(id)).toMatchObject({
      BusinessId: 501,
      Action: 4,
      URL: URL_OK,
      Active: false,
      Description: '',
    });
  });

  it('takes the name of an action, and is on without a word about it', async () => {
    const id = await make({ Action: 'BlogPostUpdate', Active: undefined, Description: null });
    expect(await read(id)).toMatchObject({ Action: 5, Active: true, Description: '' });
  });

  it('names everything that is missing', async () => {
    const answer = await call('POST', '', {});
    expectNotValid(answer, 'BusinessId', 'Name', 'Action', 'URL');
    expect(answer.json.Message).toBe('BusinessId: is a required field');
  });

  it.each<[string, unknown, string]>([
    ['no location', { BusinessId: null }, 'BusinessId'],
    ['location 0', { BusinessId: 0 }, 'BusinessId'],
    ['a location below 0', { BusinessId: -5 }, 'BusinessId'],
    ['a location that is a word', { BusinessId: 'here' }, 'BusinessId'],
    ['a location beyond 2^53', { BusinessId: '99999999999999999999' }, 'BusinessId'],
    ['a location that is a list', { BusinessId: [1] }, 'BusinessId'],
    ['an empty name', { Name: ' ' }, 'Name'],
    ['a name that is a number', { Name: 5 }, 'Name'],
    ['a name of 201 characters', { Name: 'n'.repeat(201) }, 'Name'],
    ['the action None', { Action: 1 }, 'Action'],
    ['no action', { Action: null }, 'Action'],
    ['an unknown action', { Action: 91 }, 'Action'],
    ['an action that is an object', { Action: {} }, 'Action'],
    ['no URL', { URL: '' }, 'URL'],
    ['a URL that is none', { URL: '00001' }, 'URL'],
    ['a URL to a private address', { URL: 'http://10.0.0.1/' }, 'URL'],
    ['a URL of 2,049 characters', { URL: `${URL_OK}/${'u'.repeat(2048)}` }, 'URL'],
    ['a description that is a number', { Description: 5 }, 'Description'],
    ['a long description', { Description: 'd'.repeat(2001) }, 'Description'],
    ['active as a number', { Active: 2 }, 'Active'],
    ['active as a word', { Active: 'perhaps' }, 'Active'],
    ['a system id that is a number', { SystemId: 5 }, 'SystemId'],
  ])('with %s is refused by name, with what was tried', async (_title, wrong, property) => {
    const answer = await call('POST', '', { ...RECORD, ...(wrong as object) });
    expectNotValid(answer, property);
    expect(answer.json.Errors[0].AttemptedValue).toStrictEqual(
      (wrong as Record<string, unknown>)[property],
    );
  });

  it.each([
    ['broken JSON', '{"Name":'],
    ['nothing', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"Name"'],
    ['a key twice', '{"Name":"a","Name":"b"}'],
    ['a strange key twice', '{"constructor":1,"constructor":2}'],
    ['NUL in a name', String.raw`{"Name":"a\u0000"}`],
  ])('with %s as the body is refused in the same envelope', async (_title, body) => {
    const answer = await call('POST', '', body);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ Value: null, WasSuccessful: false });
    expect(answer.json.Message).toBeTypeOf('string');
  });

  it('of another content type, or too long, is refused in the same envelope', async () => {
    const text = await server.api('POST', WEBHOOKS, JSON.stringify(RECORD), {
      'content-type': 'text/plain',
    });
    expect(text.status).toBe(415);
    const long = await call('POST', '', { ...RECORD, Description: 'd'.repeat(70_000) });
    expect(long.status).toBe(413);
    for (const answer of [text, long]) expect(answer.json).toMatchObject({ WasSuccessful: false });
  });
});

describe('a PUT with the id in the body', () => {
  it('replaces the record: what it leaves out is cleared', async () => {
    const id = await make({ SystemId: 'x' });
    const answer = await call('PUT', '', {
      Id: id,
      BusinessId: 503,
      Name: 'New',
      Action: 5,
      URL: `${URL_OK}/new`,
    });
    expectDone(answer, 'WebHook was successfully updated.', id);
    expect(await read(id)).toMatchObject({
      BusinessId: 503,
      Name: 'New',
      Action: 5,
      URL: `${URL_OK}/new`,
      Description: '',
      Active: false,
      SystemId: null,
    });
  });

  it('takes the whole record back as it was read, and changes nothing but what was changed', async () => {
    const id = await make();
    const before = await read(id);
    await call('PUT', '', { ...before, Name: 'Renamed' });
    const { UpdatedOn: _, ...after } = { ...(await read(id)), UpdatedOn: null };
    expect(after).toMatchObject({ ...RECORD, Name: 'Renamed', ErrorCount: 0 });
  });

  it('keeps several actions and all locations of a webhook whose record says None and 0', async () => {
    const { id } = await createWebhook(server, {
      url: URL_OK,
      actions: ['BlogPostCreate', 'BlogPostUpdate'],
      concurrency: 3,
    });
    expectDone(
      await call('PUT', '', { ...(await read(id)), Name: 'Renamed' }),
      'WebHook was successfully updated.',
      id,
    );
    expect(await getWebhook(server, id)).toMatchObject({
      name: 'Renamed',
      actions: ['BlogPostCreate', 'BlogPostUpdate'],
      location: null,
      concurrency: 3,
    });
    await call('PUT', '', { ...(await read(id)), Action: 5, BusinessId: 501 });
    expect(await read(id)).toMatchObject({ Action: 5, BusinessId: 501 });
  });

  it.each<[string, object, readonly string[]]>([
    ['no id', {}, ['Id']],
    ['only an id', { Id: 0 }, ['BusinessId', 'Name', 'Action', 'URL']],
    ['None for its only action', { ...RECORD, Id: 0, Action: 1 }, ['Action']],
    ['no location for its only one', { ...RECORD, Id: 0, BusinessId: 0 }, ['BusinessId']],
  ])('with %s is refused and changes nothing', async (_title, body, properties) => {
    const id = await make();
    const before = await read(id);
    expectNotValid(await call('PUT', '', 'Id' in body ? { ...body, Id: id } : body), ...properties);
    expect(await read(id)).toStrictEqual(before);
  });

  it('with an id that is not there is not found', async () => {
    for (const Id of [999_999, -1, 'x', {}, 2 ** 60])
      expectNotFound(await call('PUT', '', { ...RECORD, Id }));
  });
});

describe('a PUT to the path of one', () => {
  it('changes what is given and nothing else', async () => {
    const id = await make({ Active: false });
    const answer = await call('PUT', `/${id}`, { Active: 'true' });
    expectDone(answer, 'WebHook was successfully updated.', id);
    expect(await read(id)).toMatchObject({ ...RECORD, Active: true });
    await call('PUT', `/${id}`, { Description: null, SystemId: 's' });
    expect(await read(id)).toMatchObject({ ...RECORD, Description: '', SystemId: 's' });
  });

  it.each<[unknown, string]>([
    [{}, 'WebHook'],
    [[], 'WebHook'],
    [{ Aktive: true }, 'WebHook'],
    [{ Active: 'on' }, 'Active'],
    [{ Name: null }, 'Name'],
    [{ Action: 1 }, 'Action'],
    [{ URL: 'http://169.254.169.254/latest' }, 'URL'],
  ])('with %j is refused by name', async (body, property) => {
    const id = await make();
    expectNotValid(await call('PUT', `/${id}`, body), property);
  });
});

describe('deleting', () => {
  it('answers in the envelope without a value, once', async () => {
    const id = await make();
    const answer = await server.api('DELETE', `${WEBHOOKS}/${id}`, undefined, {
      'content-type': 'application/json',
    });
    expectDone(answer, 'WebHook was successfully deleted.', null);
    expectNotFound(await call('DELETE', `/${id}`));
    expectNotFound(await call('GET', `/${id}`));
  });
});

describe('health', () => {
  it('tells the last success, and the failures since then with the text of the last', async () => {
    const id = await make({ Action: 6, BusinessId: 504, URL: `${receiver.url}/well` });
    await report(server, 'BookingCreate', { Id: 1 }, '?location=504');
    await waitForStates(server, id, ['delivered']);
    const well = await eventually(async () => {
      const record = await read(id);
      return record.LastTrigger !== null && record;
    });
    expect(well).toMatchObject({ Active: true, ErrorCount: 0, LastError: null });

    await call('PUT', `/${id}`, { URL: `${receiver.url}/fails` });
    await report(server, 'BookingCreate', { Id: 2 }, '?location=504');
    const off = await eventually(async () => {
      const record = await read(id);
      return !record.Active && record;
    });
    expect(off).toMatchObject({ ErrorCount: 2, LastError: expect.stringContaining('500') });
    expect(Date.parse(off.LastTrigger!)).toBeGreaterThanOrEqual(Date.parse(well.LastTrigger!));

    // Switching on clears the count and sends what was held.
    const before = receiver.requests.length;
    await call('PUT', `/${id}`, { URL: `${receiver.url}/again`, Active: true });
    expect(await read(id)).toMatchObject({ Active: true });
    await receiver.waitFor(before + 1);
    expect(receiver.requests.at(-1)).toMatchObject({ path: '/again' });
    await eventually(async () => (await read(id)).ErrorCount === 0);
    await call('DELETE', `/${id}`);
  });
});

describe('commands', () => {
  const run = (Key: unknown, Ids: unknown, more: object = {}) =>
    call('POST', '/runcommand', { Key, Ids, ...more });

  it('are listed with what they need', async () => {
    const { status, json } = await call('GET', '/commands');
    expect(status).toBe(200);
    expect((json as { Key: string }[]).map(({ Key }) => Key)).toStrictEqual([
      'WEBHOOK_ENABLE',
      'WEBHOOK_DISABLE',
      'WEBHOOK_TEST',
      'WEBHOOK_RESEND_FAILED',
    ]);
    expect(json[0]).toStrictEqual({
      Key: 'WEBHOOK_ENABLE',
      Name: expect.any(String),
      AppliesOnlyToMultipleEntities: false,
      AppliesOnlyToOneEntity: false,
      AppliesOnlyToTwoEntities: false,
      NeedsEntitiesToRun: true,
      Order: 1,
      RequiresParameters: [],
    });
  });

  it('switch several webhooks off and on', async () => {
    const ids = [await make(), await make()];
    const off = await run('WEBHOOK_DISABLE', ids, { Parameters: [] });
    expect(off.json).toMatchObject({ Status: 200, Value: null, WasSuccessful: true });
    for (const id of ids) expect(await read(id)).toMatchObject({ Active: false });
    await run('WEBHOOK_ENABLE', ids.map(String));
    for (const id of ids) expect(await read(id)).toMatchObject({ Active: true });
  });

  it('are run by GET as well, as the oldest clients do, but for no browser', async () => {
    const ids = [await make(), await make()];
    const get = (query: string, more?: Record<string, string>) =>
      server.api('GET', `${WEBHOOKS}/runcommand?${query}`, undefined, more);
    const off = await get(`Key=WEBHOOK_DISABLE&Ids=[${ids.join(',')}]`);
    expect(off.json).toMatchObject({ Status: 200, Value: null, WasSuccessful: true });
    expect(off.headers.get('cache-control')).toBe('no-store');
    for (const id of ids) expect(await read(id)).toMatchObject({ Active: false });
    expect((await get(`key=WEBHOOK_ENABLE&ids=${ids[0]}`)).json.WasSuccessful).toBe(true);
    expect(await read(ids[0]!)).toMatchObject({ Active: true });

    const again = `Key=WEBHOOK_ENABLE&Ids=${ids[1]}`;
    for (const site of ['cross-site', 'same-origin', 'none'])
      expect((await get(again, { 'sec-fetch-site': site })).json.WasSuccessful).toBe(false);
    await server.api('HEAD', `${WEBHOOKS}/runcommand?${again}`);
    expect(await read(ids[1]!)).toMatchObject({ Active: false });
    for (const wrong of [
      '',
      'Key=WEBHOOK_ENABLE',
      `Key=X&Ids=${ids[1]}`,
      'Key=WEBHOOK_ENABLE&Ids=[]',
    ])
      expect((await get(wrong)).status).toBe(400);
  });

  it('send a test', async () => {
    const id = await make({ URL: `${receiver.url}/test` });
    const before = receiver.requests.length;
    expect((await run('WEBHOOK_TEST', [id])).json).toMatchObject({ WasSuccessful: true });
    await receiver.waitFor(before + 1);
    expect(receiver.requests.at(-1)).toMatchObject({ path: '/test' });
    await call('DELETE', `/${id}`);
  });

  it('send again what failed', async () => {
    const answers = [500, 500, 500];
    const other = await openReceiver({ answer: () => answers.shift() ?? 200 });
    const id = await make({ Action: 7, BusinessId: 505, URL: other.url });
    await report(server, 'BookingUpdate', { Id: 7 }, '?location=505');
    // Its last re-attempt is held when it is switched off, and is its end.
    await eventually(async () => !(await read(id)).Active);
    await call('PUT', `/${id}`, { Active: true });
    await waitForStates(server, id, ['failed']);
    expect((await run('WEBHOOK_RESEND_FAILED', [id])).json).toMatchObject({ WasSuccessful: true });
    await waitForStates(server, id, ['delivered']);
    expect(String(other.requests.at(-1)!.body)).toBe('[{"Id":7}]');
    await call('DELETE', `/${id}`);
    await other.close();
  });

  it('that cannot be done for a webhook say so with 200', async () => {
    const id = await make({ Active: false });
    for (const answer of [
      await run('WEBHOOK_RESEND_FAILED', [id]),
      await run('WEBHOOK_ENABLE', [id, 999_999]),
    ]) {
      expect(answer.status).toBe(200);
      expect(answer.json).toStrictEqual({
        Status: 500,
        Message: expect.stringMatching(/^WebHook \d+: /),
        Value: null,
        Errors: null,
        WasSuccessful: false,
      });
    }
    // One that is not there keeps the others as they are.
    expect(await read(id)).toMatchObject({ Active: false });
  });

  it.each<[unknown, unknown, string]>([
    ['WEBHOOK_ERASE', [1], 'Key'],
    [undefined, [1], 'Key'],
    ['constructor', [1], 'Key'],
    ['WEBHOOK_TEST', undefined, 'Ids'],
    ['WEBHOOK_TEST', [], 'Ids'],
    ['WEBHOOK_TEST', 5, 'Ids'],
    ['WEBHOOK_TEST', ['x'], 'Ids'],
    ['WEBHOOK_TEST', Array.from({ length: 101 }, (_, i) => i + 1), 'Ids'],
  ])('%s with %j is refused by name', async (key, ids, property) => {
    expectNotValid(await run(key, ids), property);
  });
});

it('what is not there at all is not found in the same words', async () => {
  expectNotFound(await server.api('GET', '/api/sys/coworkers'));
  expectNotFound(await call('PATCH', '/1', {}));
});

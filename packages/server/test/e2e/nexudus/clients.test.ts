import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import { report } from '../../asking.ts';
import { PASSWORD, setUp } from '../../people.ts';
import { type ApiAnswer, type Started, startServer } from '../../start.ts';

/** Whole conversations, as clients that are deployed have them, and conversations that nobody has. */

let server: Started;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver();
  server = await startServer();
  await setUp(server);
});
afterAll(async () => {
  await server.stop();
  await receiver.close();
});

/** Of an email and a password, as every client that is known sends them. */
const BASIC = {
  authorization: `Basic ${Buffer.from(`ada@example.com:${PASSWORD}`).toString('base64')}`,
};

interface Hook {
  readonly Id: number;
  readonly Name: string;
  readonly Active: boolean;
}

describe('a client that keeps its webhooks by the beginning of their names', () => {
  const PATTERN = '[II]';

  /** It takes anything but 200, or an answer with errors, for a failure. */
  async function fetchIt(method: string, path: string, body?: object): Promise<ApiAnswer['json']> {
    // Every truth value goes out as text.
    const sent = body && JSON.stringify(body, booleansAsText);
    const answer = await server.api(method, `/api${path}`, sent, {
      ...BASIC,
      accept: 'application/json',
    });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json?.Errors ?? null).toBeNull();
    return answer.json;
  }

  function booleansAsText(_key: string, given: unknown): unknown {
    return typeof given === 'boolean' ? String(given) : given;
  }

  async function own(): Promise<Hook[]> {
    const found: Hook[] = [];
    for (let page = 1, more = true; more; page++) {
      const result = await fetchIt('GET', `/sys/webhooks?page=${page}&size=1000`);
      found.push(...(result.Records as Hook[]));
      more = result.HasNextPage as boolean;
    }
    return found.filter(({ Name }) => Name.startsWith(PATTERN));
  }

  it('subscribes, is called, switches on again, and unsubscribes', async () => {
    const enums = (await fetchIt('GET', '/utils/enums?name=eWebhookAction')) as {
      Id: number;
      Name: string;
    }[];
    const values = new Map(enums.map(({ Name, Id }) => [Name, Id]));
    for (const action of ['CoworkerInvoiceCreateFirst', 'CoworkerInvoicePaid']) {
      await fetchIt('POST', '/sys/webhooks', {
        BusinessId: 12,
        Name: `${PATTERN} ${action} 11-23`,
        Action: values.get(action),
        Description: `Made for ${action}.`,
        URL: `${receiver.url}/nexudus/webhook/${action}?signature=f00d`,
        Active: true,
      });
    }
    const hooks = await own();
    expect(hooks.map(({ Active }) => Active)).toStrictEqual([true, true]);

    await report(server, 'CoworkerInvoicePaid', { Id: 1 }, '?location=12');
    const [request] = await receiver.waitFor(1);
    expect(request!.path).toBe('/nexudus/webhook/CoworkerInvoicePaid?signature=f00d');

    for (const { Id } of hooks) await server.api('PATCH', `/v1/webhooks/${Id}`, { active: false });
    expect((await own()).some(({ Active }) => Active)).toBe(false);
    for (const { Id } of hooks) await fetchIt('PUT', `/sys/webhooks/${Id}`, { Active: true });
    expect((await own()).every(({ Active }) => Active)).toBe(true);

    for (const { Id } of hooks) await fetchIt('DELETE', `/sys/webhooks/${Id}`);
    expect(await own()).toStrictEqual([]);
  });
});

describe('a client that saves records', () => {
  const URL = '/api/sys/webhooks';

  /** A record with an id is put, one without is posted; both resolve to the id. */
  async function save(record: Readonly<Record<string, unknown>>): Promise<number> {
    const answer = await server.api('Id' in record ? 'PUT' : 'POST', URL, record, BASIC);
    expect(answer.json.WasSuccessful, answer.text).toBe(true);
    return answer.json.Value.Id as number;
  }

  it('gets all that changed since a time, changes the whole record, and deletes it', async () => {
    const since = '2020-05-01T00:00:00Z';
    const input = { BusinessId: 13, Name: 'Door', Action: 38, URL: 'https://hooks.example.com/a' };
    const id = await save(input);
    const list = await server.api(
      'GET',
      `${URL}?size=1000&page=1&from_WebHook_UpdatedOn=${since}`,
      undefined,
      BASIC,
    );
    expect((list.json.Records as Hook[]).map(({ Id }) => Id)).toContain(id);
    const one = await server.api('GET', `${URL}/${id}`, undefined, BASIC);
    expect(await save({ ...(one.json as object), Name: 'Front door', Active: false })).toBe(id);
    const after = await server.api('GET', `${URL}/${id}`, undefined, BASIC);
    const { UpdatedOn: _, ...rest } = one.json as Record<string, unknown>;
    expect(after.json).toMatchObject({
      ...rest,
      Name: 'Front door',
      ToStringText: 'Front door',
      Active: false,
    });
    expect((await server.api('DELETE', `${URL}/${id}`, undefined, BASIC)).json).toMatchObject({
      WasSuccessful: true,
      Value: null,
    });
  });
});

describe('whatever is sent', () => {
  const value = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constantFrom(
      null,
      '',
      'true',
      '6',
      6,
      1,
      0,
      'https://hooks.example.com/in',
      '[1,2]',
      '[',
      {},
    ),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const NAMES = ['Id', 'BusinessId', 'Name', 'Action', 'Description', 'URL', 'Active', 'SystemId'];
  const PARAMETERS = [
    'page',
    'size',
    'orderBy',
    'dir',
    'id',
    'Id',
    'UniqueId',
    'WebHook_Business',
    'WebHook_Name',
    'WebHook_Action',
    'WebHook_Active',
    'WebHook_ErrorCount',
    'WebHook_SystemId',
    'from_WebHook_ErrorCount',
    'to_WebHook_LastTrigger',
    'from_WebHook_UpdatedOn',
    '__proto__',
  ];
  const record = fc.dictionary(
    fc.oneof(fc.constantFrom(...NAMES, 'Key', 'Ids', '__proto__'), fc.string({ maxLength: 8 })),
    value,
    { maxKeys: 9 },
  );
  const text = value.map((given) => (typeof given === 'string' ? given : JSON.stringify(given)));
  const query = fc
    .array(fc.tuple(fc.constantFrom(...PARAMETERS), text), { maxLength: 4 })
    .map((pairs) => new URLSearchParams(pairs).toString());
  const path = fc.constantFrom('', '/', '/1', '/2', '/0', '/x', '/commands', '/runcommand');
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE');

  it('is answered in the known forms, and never by a mistake of ours', async () => {
    const form = fc.record({ method, path, query, record });
    await fc.assert(
      fc.asyncProperty(form, async (sent) => {
        const body = sent.method === 'GET' ? undefined : sent.record;
        const target = `/api/sys/webhooks${sent.path}?${sent.query}`;
        const answer = await server.api(sent.method, target, body);
        expect([200, 400, 404], answer.text).toContain(answer.status);
        if (answer.status === 404) expect(answer.text).toBe('"Not found"');
        if (answer.status === 400) {
          expect(answer.json).toMatchObject({ Value: null, WasSuccessful: false });
          expect(answer.json.Errors).toBeInstanceOf(Array);
        }
        expect(answer.text).not.toMatch(/node_modules|\.ts:|select |sqlite/i);
      }),
      { numRuns: 600 },
    );
    expect(server.output()).not.toContain('mistake');
  });
});

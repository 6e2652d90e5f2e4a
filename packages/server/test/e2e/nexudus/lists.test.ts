import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import { createWebhook, report, waitForStates } from '../../asking.ts';
import { eventually } from '../../eventually.ts';
import { type Started, startServer } from '../../start.ts';

/** Lists of `/api/sys/webhooks`: paging, order and filters as they are published. */

interface Listed {
  readonly Id: number;
  readonly Name: string;
  readonly Action: number;
  readonly UpdatedOn: string;
  readonly UniqueId: string;
}

let server: Started;
let receiver: Receiver;
/** The webhooks by the names that they have here. */
const ids: Record<string, number> = {};
const URL_OK = 'https://hooks.example.com';

beforeAll(async () => {
  receiver = await openReceiver({ answer: ({ path }) => (path === '/fails' ? 500 : 200) });
  server = await startServer({ env: { POSTHORN_RETRY_SCHEDULE: '1h' } });
  const make = async (name: string, record: object) => {
    const answer = await server.api('POST', '/api/sys/webhooks', {
      BusinessId: 1,
      Name: name,
      Action: 4,
      URL: `${URL_OK}/${name}`,
      ...record,
    });
    if (answer.status !== 200) throw new Error(answer.text);
    ids[name] = answer.json.Value.Id as number;
  };
  await make('delta', { Description: 'Doors', SystemId: 'sys-1' });
  await make('alpha', { BusinessId: 2, Action: 5, Active: false });
  await make('charlie', { Action: 6, URL: `${receiver.url}/works` });
  await make('bravo', { Action: 7, URL: `${receiver.url}/fails` });
  const several = { name: 'echo', url: URL_OK, actions: ['BlogPostCreate', 'BlogPostUpdate'] };
  ids['echo'] = (await createWebhook(server, several)).id;
  await report(server, 'BookingCreate', { Id: 1 }, '?location=1');
  await report(server, 'BookingUpdate', { Id: 1 }, '?location=1');
  await waitForStates(server, ids['charlie']!, ['delivered']);
  await eventually(async () => {
    const list = await server.api('GET', '/api/sys/webhooks?from_WebHook_ErrorCount=1');
    return list.json.TotalItems === 1;
  });
  await eventually(async () => {
    const list = await server.api('GET', '/api/sys/webhooks?from_WebHook_LastTrigger=2020-01-01');
    return list.json.TotalItems === 1;
  });
});
afterAll(async () => {
  await server.stop();
  await receiver.close();
});

const list = (query: string) => server.api('GET', `/api/sys/webhooks${query}`);

async function names(query: string): Promise<string[]> {
  const answer = await list(query);
  expect(answer.status, `${query}: ${answer.text}`).toBe(200);
  return (answer.json.Records as Listed[]).map(({ Name }) => Name);
}

const BY_ID = ['delta', 'alpha', 'charlie', 'bravo', 'echo'];

it('comes in the published envelope, without descriptions', async () => {
  const { json } = await list('');
  const { Records, ...envelope } = json as { Records: Listed[] };
  expect(Object.entries(envelope)).toStrictEqual(
    Object.entries({
      CurrentPageSize: 25,
      CurrentPage: 1,
      CurrentOrderField: 'Id',
      CurrentSortDirection: 0,
      FirstItem: 1,
      HasNextPage: false,
      HasPreviousPage: false,
      LastItem: 5,
      PageNumber: 1,
      PageSize: 25,
      TotalItems: 5,
      TotalPages: 1,
    }),
  );
  expect(Records.map(({ Name }) => Name)).toStrictEqual(BY_ID);
  const one = (await list(`/${ids['delta']}`)).json as Record<string, unknown>;
  const { Description, ...rest } = one;
  expect(Description).toBe('Doors');
  expect(Records[0]).toStrictEqual(rest);
});

describe('paging', () => {
  it.each([
    [
      '?page=1&size=2',
      ['delta', 'alpha'],
      { FirstItem: 1, LastItem: 2, HasNextPage: true, HasPreviousPage: false },
    ],
    [
      '/?page=3&size=2',
      ['echo'],
      { FirstItem: 5, LastItem: 5, HasNextPage: false, HasPreviousPage: true },
    ],
    [
      '?PAGE=2&Size=4',
      ['echo'],
      { FirstItem: 5, LastItem: 5, PageNumber: 2, PageSize: 4, TotalPages: 2 },
    ],
    [
      '?page=9&size=2',
      [],
      { FirstItem: 0, LastItem: 0, HasNextPage: false, HasPreviousPage: true },
    ],
    ['?size=1000', BY_ID, { PageSize: 1000, CurrentPageSize: 1000, TotalPages: 1 }],
    ['?size=100000', BY_ID, { PageSize: 1000, TotalItems: 5 }],
    ['?page=&size=', BY_ID, { PageNumber: 1, PageSize: 25 }],
  ] as const)('%s', async (query, expected, envelope) => {
    expect(await names(query)).toStrictEqual(expected);
    expect((await list(query)).json).toMatchObject({ TotalItems: 5, ...envelope });
  });

  it('goes over all pages as clients do', async () => {
    const seen: string[] = [];
    for (let page = 1, more = true; more; page++) {
      const { json } = await list(`?page=${page}&size=2&orderBy=Name&dir=0`);
      seen.push(...(json.Records as Listed[]).map(({ Name }) => Name));
      more = json.HasNextPage as boolean;
    }
    expect(seen).toStrictEqual(BY_ID.toSorted());
  });
});

describe('order', () => {
  it.each([
    ['Name', BY_ID.toSorted()],
    ['id', BY_ID],
    ['Action', ['echo', 'delta', 'alpha', 'charlie', 'bravo']],
    ['BusinessId', ['echo', 'delta', 'charlie', 'bravo', 'alpha']],
    ['Active', ['alpha', 'delta', 'charlie', 'bravo', 'echo']],
    ['ErrorCount', ['delta', 'alpha', 'charlie', 'echo', 'bravo']],
    // What has no value comes first.
    ['LastTrigger', ['delta', 'alpha', 'bravo', 'echo', 'charlie']],
    ['SystemId', ['alpha', 'charlie', 'bravo', 'echo', 'delta']],
    ['CreatedOn', BY_ID],
  ])('by %s', async (field, expected) => {
    expect(await names(`?orderby=${field}&dir=0`)).toStrictEqual(expected);
    expect(await names(`?orderBy=${field}&dir=1`)).toStrictEqual(
      // Of equals the order is turned round as well.
      expected.toReversed(),
    );
  });

  it.each([
    ['0', 0],
    ['Ascending', 0],
    ['ascending', 0],
    ['1', 1],
    ['-1', 1],
    ['Descending', 1],
  ])('dir=%s', async (dir, direction) => {
    const { json } = await list(`?orderBy=name&dir=${dir}`);
    expect(json).toMatchObject({
      CurrentOrderField: 'Name',
      CurrentSortDirection: direction,
      Records: [{ Name: direction === 0 ? 'alpha' : 'echo' }, {}, {}, {}, {}],
    });
  });
});

describe('a filter', () => {
  it.each<[string, readonly string[]]>([
    ['WebHook_Business=2', ['alpha']],
    ['WebHook_Business=0', ['echo']],
    ['WebHook_Name=Charlie', ['charlie']],
    ['WebHook_Name=char', []],
    ['WebHook_Action=6', ['charlie']],
    ['WebHook_Action=1', ['echo']],
    ['WebHook_Description=doors', ['delta']],
    [`WebHook_URL=${URL_OK}/delta`, ['delta']],
    ['WebHook_Active=false', ['alpha']],
    ['webhook_active=True', ['delta', 'charlie', 'bravo', 'echo']],
    ['WebHook_LastError=nothing', []],
    ['WebHook_ErrorCount=1', ['bravo']],
    ['WebHook_SystemId=sys-1', ['delta']],
    ['from_WebHook_ErrorCount=1', ['bravo']],
    ['to_WebHook_ErrorCount=0', ['delta', 'alpha', 'charlie', 'echo']],
    ['from_WebHook_LastTrigger=2020-01-01T00:00', ['charlie']],
    ['to_WebHook_LastTrigger=2020-01-01T00:00', []],
    ['from_WebHook_CreatedOn=2020-01-01T00:00&to_WebHook_CreatedOn=2120-01-01T00:00Z', BY_ID],
    ['to_WebHook_CreatedOn=2020-01-01T00:00', []],
    ['from_WebHook_UpdatedOn=2120-01-01T00:00:00%2B02:00', []],
    ['to_WebHook_UpdatedOn=2120-01-01', BY_ID],
    ['WebHook_Active=true&WebHook_Business=1&WebHook_Action=4', ['delta']],
    // Known to nobody, or without a value.
    ['WebHook_Colour=red&_take=1&from_WebHook_Name=a', BY_ID],
    ['WebHook_Name=&from_WebHook_UpdatedOn=', BY_ID],
  ])('%s', async (query, expected) => {
    expect(await names(`?${query}`)).toStrictEqual(expected);
  });

  it('by id, unique id, and several ids', async () => {
    const { alpha, delta } = ids;
    const all = (await list('')).json.Records as Listed[];
    const { UniqueId } = all.find(({ Name }) => Name === 'alpha')!;
    expect(await names(`?Id=${alpha}`)).toStrictEqual(['alpha']);
    expect(await names(`?UniqueId=${UniqueId.toUpperCase()}`)).toStrictEqual(['alpha']);
    expect(await names(`?WebHook_Id=[${alpha},${delta}]`)).toStrictEqual(['delta', 'alpha']);
    expect(await names('?WebHook_Id=[]')).toStrictEqual([]);
  });

  it('by the very time that a record shows finds it', async () => {
    const [record] = (await list('?WebHook_Name=delta')).json.Records as [Listed];
    const at = record.UpdatedOn;
    expect(
      await names(`?WebHook_Name=delta&from_WebHook_UpdatedOn=${at}&to_WebHook_UpdatedOn=${at}`),
    ).toStrictEqual(['delta']);
    const { LastTrigger } = (await list(`/${ids['charlie']}`)).json as { LastTrigger: string };
    expect(await names(`?WebHook_LastTrigger=${LastTrigger}`)).toStrictEqual(['charlie']);
  });
});

it('several by their ids come as a bare list of whole records, in the order asked for', async () => {
  const { alpha, delta } = ids;
  const answer = await list(`/?id=[${delta}, ${alpha},999999,${delta}]`);
  expect(answer.status).toBe(200);
  expect(answer.json).toStrictEqual([
    (await list(`/${delta}`)).json,
    (await list(`/${alpha}`)).json,
  ]);
  expect((await list('?id=[]')).json).toStrictEqual([]);
});

describe('what is harmless', () => {
  it.each<[string, string]>([
    ['page=0', 'page'],
    ['page=-1', 'page'],
    ['page=1.5', 'page'],
    ['page=99999999999999999999', 'page'],
    ['page=9007199254740991', 'page'],
    ['size=0', 'size'],
    ['size=many', 'size'],
    ['page=1&page=2', 'page'],
    ['WebHook_Name=a&webhook_name=b', 'webhook_name'],
    ['orderBy=Id;drop%20table%20webhooks', 'orderBy'],
    ['orderBy=constructor', 'orderBy'],
    ['dir=sideways', 'dir'],
    ['dir=constructor', 'dir'],
    ['WebHook_Action=six', 'WebHook_Action'],
    ['WebHook_Active=perhaps', 'WebHook_Active'],
    ["WebHook_ErrorCount=1'%20or%201=1", 'WebHook_ErrorCount'],
    ['from_WebHook_UpdatedOn=yesterday', 'from_WebHook_UpdatedOn'],
    ['from_WebHook_UpdatedOn=2026-13-45T99:99', 'from_WebHook_UpdatedOn'],
    ['id=[1,x]', 'id'],
    ['id=[1', 'id'],
    [`id=[${Array.from({ length: 1001 }, (_, i) => i).join(',')}]`, 'id'],
  ])('%s is refused by name', async (query, property) => {
    const answer = await list(`?${query}`);
    expect(answer.status, answer.text).toBe(400);
    expect(answer.json).toMatchObject({
      WasSuccessful: false,
      Errors: [{ PropertyName: property }],
    });
  });

  it.each([
    "WebHook_Name=';%20drop%20table%20webhooks;%20--",
    "WebHook_URL=%25'%20or%20'1'='1",
    'WebHook_Description=%F0%9F%92%A5',
    'WebHook_ErrorCount=9007199254740991',
    'from_WebHook_ErrorCount=9007199254740991',
    'WebHook_Business=9007199254740991',
    'WebHook_Action=9007199254740991',
    'Id=-9007199254740991',
    'WebHook_Id=[9007199254740991]',
    'to_WebHook_UpdatedOn=0001-01-01',
  ])('%s finds nothing', async (query) => {
    expect(await names(`?${query}`)).toStrictEqual([]);
    expect(await names('')).toStrictEqual(BY_ID);
  });
});

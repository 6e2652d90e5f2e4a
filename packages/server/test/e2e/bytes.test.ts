import { createHash } from 'node:crypto';
import { isAscii } from 'node:buffer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import { createWebhook } from '../asking.ts';
import { type Started, startServer } from '../start.ts';

let server: Started;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver();
  server = await startServer();
  await createWebhook(server, { url: receiver.url });
});
afterAll(async () => {
  await server.stop();
  await receiver.close();
});

/** Sends a record through the whole service and returns the body that arrived. */
async function through(record: string | Uint8Array): Promise<Buffer> {
  const answer = await server.api('POST', '/v1/events/BookingCreate', record);
  expect(answer.status, answer.text).toBe(202);
  const [{ id }] = answer.json.events as [{ id: string }];
  const arrived = () =>
    receiver.requests.find(({ headers }) => headers['posthorn-event'] === id)?.body;
  for (let n = receiver.requests.length; arrived() === undefined; n++) {
    await receiver.waitFor(n + 1);
  }
  return arrived()!;
}

const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const ASCII_RECORDS: readonly (readonly [string, string])[] = [
  ['an empty object', '{}'],
  ['an empty object with white space inside', '{ \t\r\n }'],
  ['white space around', ' \r\n\t{"a":1}\n \t'],
  ['white space everywhere', '{ "a" : [ 1 , 2 ] ,\n\t"b" : { } }'],
  ['an integer beyond 2^53', '{"a":9007199254740993}'],
  ['an integer of 20 digits', '{"a":12345678901234567890}'],
  ['an integer of 400 digits', `{"a":${'9'.repeat(400)}}`],
  ['a decimal with a trailing zero', '{"a":1.10}'],
  ['a price', '{"Total":1200.00,"Tax":0.00}'],
  ['a decimal of 40 digits', '{"a":0.1234567890123456789012345678901234567890}'],
  ['an exponent beyond doubles', '{"a":1e400}'],
  ['a negative exponent beyond doubles', '{"a":-1E-400}'],
  ['exponents in all spellings', '{"a":[1e5,1E5,1e+5,1E-05,1.0e0]}'],
  ['minus zero', '{"a":-0,"b":-0.0,"c":0}'],
  ['the largest double', '{"a":1.7976931348623157e308}'],
  ['a 64-bit id', '{"Id":-9223372036854775808,"Max":18446744073709551615}'],
  ['duplicate keys', '{"a":1,"a":2,"a":{"b":1,"b":2}}'],
  ['keys in no order', '{"b":1,"a":2,"10":3,"9":4,"1":5}'],
  ['keys that are numbers', '{"2":"b","1":"a","01":"c"}'],
  ['an empty key', '{"":1}'],
  ['__proto__ as a key', '{"__proto__":{"admin":true},"constructor":{"prototype":{}}}'],
  ['toJSON and then as keys', '{"toJSON":1,"then":2,"valueOf":3,"hasOwnProperty":4}'],
  ['an escaped NUL', String.raw`{"a":"\u0000","\u0000":"b"}`],
  ['all escaped control characters', `{"a":"${controls()}"}`],
  ['a lone high surrogate', String.raw`{"a":"\ud83d"}`],
  ['a lone low surrogate', String.raw`{"a":"\ude00"}`],
  ['surrogates in the wrong order', String.raw`{"a":"\ude00\ud83d"}`],
  ['a lone surrogate as a key', String.raw`{"\uD800":1}`],
  ['an escaped emoji in upper case', String.raw`{"a":"\uD83D\uDE00"}`],
  ['an escaped emoji in lower case', String.raw`{"a":"\ud83d\ude00"}`],
  ['escaped ASCII letters', String.raw`{"\u0061":"\u0062"}`],
  ['an escaped slash', String.raw`{"a":"<\/script>"}`],
  ['a bare slash', '{"a":"</script>"}'],
  ['all short escapes', String.raw`{"a":"\"\\\/\b\f\n\r\t"}`],
  ['an escaped BOM', String.raw`{"a":"\ufeff"}`],
  ['escaped noncharacters', String.raw`{"a":"\uffff\ufffe"}`],
  ['escaped line separators', String.raw`{"a":"\u2028\u2029"}`],
  ['DEL as it is', '{"a":"\u007f"}'],
  ['brackets inside strings', '{"a":"}]{[","b":"\\"}"}'],
  ['backslashes at the end of a string', String.raw`{"a":"\\","b":"\\\\"}`],
  ['64 levels', `${'{"a":'.repeat(63)}{}${'}'.repeat(63)}`],
  ['arrays 63 deep', `{"a":${'['.repeat(63)}${']'.repeat(63)}}`],
  ['5,000 keys', `{${Array.from({ length: 5000 }, (_, i) => `"k${i}":${i}`).join(',')}}`],
  ['a key of 10,000 characters', `{"${'k'.repeat(10_000)}":1}`],
  ['a text of 250,000 characters', `{"a":"${'x'.repeat(250_000)}"}`],
  ['literals', '{"a":true,"b":false,"c":null}'],
  ['HTML', '{"a":"<b>&amp;</b>"}'],
  ['percent signs and pluses', '{"a":"%00 + %41 %zz"}'],
  ['SQL', `{"a":"'; drop table events; --"}`],
  ['a record like an NDJSON line', '{"a":1}\n'],
  ['what looks like a date', '{"a":"2022-05-13T20:55:44.5515198Z"}'],
];

function controls(): string {
  return Array.from(
    { length: 0x20 },
    (_, unit) => String.raw`\u${unit.toString(16).padStart(4, '0')}`,
  ).join('');
}

it('tries at least 40 records of ASCII', () => {
  expect(ASCII_RECORDS.length).toBeGreaterThanOrEqual(40);
  for (const [title, record] of ASCII_RECORDS)
    expect(isAscii(Buffer.from(record)), title).toBe(true);
});

it.each(ASCII_RECORDS)('keeps every byte of %s', async (_title, record) => {
  const body = await through(record);
  expect(sha256(body)).toBe(sha256(`[${record}]`));
  expect(body.toString()).toBe(`[${record}]`);
});

it.each([
  ['accents', '{"Name":"José Nuñez"}'],
  ['an emoji', '{"Subject":"Party 🎉 at 5"}'],
  ['an emoji of several parts', '{"a":"👩‍👩‍👧‍👦🏳️‍🌈"}'],
  ['non-ASCII keys', '{"Größe":1.10,"Größe":2,"日本":12345678901234567890}'],
  ['right to left', '{"a":"שלום عالم"}'],
  ['combining marks, not composed', '{"a":"e\u0301","b":"\u00e9"}'],
  ['noncharacters', '{"a":"\uffff\u{10ffff}\u{1fffe}"}'],
  ['line separators', '{"a":"\u2028\u2029"}'],
  ['a BOM inside', '{"a":"\ufeff"}'],
  ['C1 controls', '{"a":"\u0080\u009f"}'],
  ['a mix with escapes', String.raw`{"a":"é\u00e9\ud83d \u0000 1e400","b":1e400}`],
  ['the first and last of every length', '{"a":"\u0080\u07ff\u0800\ud7ff\ue000\u{10000}"}'],
])('sends %s as ASCII that means the same', async (_title, record) => {
  const body = await through(record);
  expect(isAscii(body)).toBe(true);
  expect(JSON.parse(body.toString())).toStrictEqual([JSON.parse(record)]);
  // Nothing but what is outside ASCII changed.
  const expected = record.replaceAll(
    /[^\0-\x7f]/g,
    (unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  expect(body.toString()).toBe(`[${expected}]`);
});

it('keeps the bytes of every line of a batch', async () => {
  const records = ASCII_RECORDS.map(([, record]) => record).filter(
    (record) => !/[\r\n]/.test(record) && record.length < 20_000,
  );
  const answer = await server.api('POST', '/v1/events/BookingCreate', records.join('\n'), {
    'content-type': 'application/x-ndjson',
  });
  const ids = (answer.json.events as { id: string }[]).map(({ id }) => id);
  expect(ids).toHaveLength(records.length);
  const arrivedAs = () =>
    new Map(
      receiver.requests.map(({ headers, body }) => [headers['posthorn-event'], body.toString()]),
    );
  for (let n = receiver.requests.length; !ids.every((id) => arrivedAs().has(id)); n++) {
    await receiver.waitFor(n + 1);
  }
  expect(ids.map((id) => arrivedAs().get(id))).toStrictEqual(
    records.map((record) => `[${record}]`),
  );
});

it('shows the record of an event with all its digits', async () => {
  const record = '{"a":12345678901234567890,"b":1.10,"c":1e400,"a":2}';
  const accepted = await server.api('POST', '/v1/events/BookingCreate', record);
  const event = await server.api('GET', `/v1/events/${accepted.json.events[0].id}`);
  expect(event.text).toContain(`"record":${record}`);
});

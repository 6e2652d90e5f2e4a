import Schema from 'typebox/schema';
import { describe, expect, test } from 'vitest';
import { loadCatalogue } from './catalogue.ts';

const catalogue = loadCatalogue();

/** One action for each of the 28 record types. */
const records = new Map(
  catalogue.actions.flatMap((action) => (action.record === null ? [] : [[action.record, action]])),
);
const samples = [...records].map(([record, action]) => ({
  record,
  schema: catalogue.recordSchema(action) as { required: string[] },
  text: catalogue.sampleRecord(action),
}));

function sample(record: string): Record<string, unknown> {
  const found = samples.find((candidate) => candidate.record === record);
  return JSON.parse(found?.text ?? '') as Record<string, unknown>;
}

/** All values of all samples, those inside lists too, with the place where they stand. */
const values = samples.flatMap(({ record, text }) => {
  const found: { place: string; value: unknown }[] = [];
  JSON.parse(text, (key, value: unknown) => {
    found.push({ place: `${record}.${key}`, value });
    return value;
  });
  return found;
});

describe.each(samples)('the sample of $record', ({ record, schema, text }) => {
  test('fits its schema', () => {
    expect(Schema.Compile(schema).Errors(JSON.parse(text))).toEqual([true, []]);
  });

  test('is compact and has every field in its order', () => {
    expect(text).toBe(JSON.stringify(JSON.parse(text)));
    expect(Object.keys(sample(record))).toEqual(schema.required);
  });

  test('ends in the common fields, filled in', () => {
    const { Id, UniqueId, CreatedOn, UpdatedOn, IsNew, ToStringText } = sample(record);
    expect(String(Id)).toMatch(/^[1-9]\d{8,9}$/);
    expect(UniqueId).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(Date.parse(String(CreatedOn))).toBeLessThanOrEqual(Date.parse(String(UpdatedOn)));
    expect(IsNew).toBe(false);
    expect(ToStringText).not.toBe('');
  });
});

describe('all samples together', () => {
  test('hold no placeholder', () => {
    const placeholder = /^$|^string$|lorem|ipsum|\bfoo\b|\bbar\b|todo|xxx|^test$|^0{8}-/i;
    const found = values.filter(
      ({ value }) => typeof value === 'string' && placeholder.test(value),
    );
    expect(found).toEqual([]);
  });

  test('give every time in UTC', () => {
    const times = values.filter(({ value }) => /^\d{4}-\d\d-\d\dT/.test(String(value)));
    expect(times.length).toBeGreaterThan(100);
    for (const { value } of times) {
      expect(value).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$/);
    }
  });

  test('use only addresses that nobody can have', () => {
    const addresses = values.filter(({ value }) => /@|https?:/.test(String(value)));
    expect(addresses.length).toBeGreaterThan(30);
    for (const { value } of addresses) expect(value).toMatch(/example(\.com|\.net|\.org)?(\/|$)/);
  });

  test('hold no key, password or pin', () => {
    const secret =
      /Password|Pincode|Token|KeyFob|BankAccount|BankBranch|GoCardless.*(Number|Reference)/;
    const found = values.filter(({ place, value }) => secret.test(place) && value !== null);
    expect(found).toEqual([]);
  });

  test('have an Id and a UniqueId of their own', () => {
    for (const field of ['Id', 'UniqueId']) {
      expect(new Set(samples.map(({ record }) => sample(record)[field])).size).toBe(28);
    }
  });

  test('have characters outside ASCII, an emoji among them', () => {
    const text = samples.map((one) => one.text).join('');
    expect(text).toMatch(/José/);
    expect(text).toMatch(/[\u{1f300}-\u{1faff}]/u);
  });

  test('tell of one space: ids and names that refer to each other agree', () => {
    const ids = (record: string) => sample(record)['Id'];
    expect(sample('Booking')['CoworkerId']).toBe(ids('Coworker'));
    expect(sample('CoworkerInvoice')['CoworkerId']).toBe(ids('Coworker'));
    expect(sample('CoworkerInvoice')['ContractGuid']).toBe(sample('CoworkerContract')['UniqueId']);
    expect(sample('CoworkerContract')['TariffId']).toBe(ids('Tariff'));
    expect(sample('CoworkerContract')['Desks']).toEqual([ids('FloorPlanDesk')]);
    expect(sample('CoworkerLedgerEntry')['CoworkerInvoiceId']).toBe(ids('CoworkerInvoice'));
    expect(sample('CoworkerProduct')['ProductId']).toBe(ids('Product'));
    expect(sample('EventAttendee')['CalendarEventId']).toBe(ids('CalendarEvent'));
    expect(sample('CommunityMessage')['CommunityThreadId']).toBe(ids('CommunityThread'));
    expect(sample('HelpDeskComment')['HelpDeskMessageId']).toBe(ids('HelpDeskMessage'));
    expect(sample('FloorPlanDesk')['FloorPlanId']).toBe(ids('FloorPlan'));
    const locations = values.filter(({ place }) => place.endsWith('.BusinessId'));
    expect(new Set(locations.map(({ value }) => value))).toEqual(new Set([ids('Business')]));
  });
});

describe('the numbers agree', () => {
  test('of a booking: when it starts, and what it costs', () => {
    const booking = sample('Booking');
    const from = Date.parse(String(booking['FromTime']));
    expect(from).toBeLessThan(Date.parse(String(booking['ToTime'])));
    expect(booking['MinutesToStart']).toBe(
      Math.floor((from - Date.parse(String(booking['CreatedOn']))) / 60_000),
    );
    expect(booking['EstimagedCost']).toBe(booking['EstimatedCost']);
  });

  test('of an invoice and its entry in the ledger', () => {
    const invoice = sample('CoworkerInvoice');
    const entry = sample('CoworkerLedgerEntry');
    const net = Number(sample('CoworkerContract')['PriceWithProducts']);
    const tax = (net * Number(sample('Coworker')['TaxRate'])) / 100;
    expect(invoice['TaxAmount']).toBeCloseTo(tax, 6);
    expect(invoice['TotalAmount']).toBeCloseTo(net + tax, 6);
    expect(entry['Debit']).toBe(invoice['TotalAmount']);
    expect(entry['CoworkerInvoiceTotalAmount']).toBe(String(invoice['TotalAmount']));
  });
});

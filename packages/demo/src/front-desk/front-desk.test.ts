import { loadCatalogue } from '@posthorn/server/catalogue';
import { describe, expect, test } from 'vitest';
import { openFrontDesk, type Step } from './front-desk.ts';

const catalogue = loadCatalogue();
const MORNING = Date.parse('2026-03-10T08:00:00Z');

interface Told {
  readonly step: Step;
  /** Epoch ms. */
  readonly at: number;
  /** The record, and the one that the story reported before it under the same id. */
  readonly record: Record<string, unknown>;
  readonly before: Told | undefined;
}

/** Tells `count` steps, 20 s apart. */
function tell(count: number, seed: number): readonly Told[] {
  let at = MORNING;
  const desk = openFrontDesk({ seed, now: () => at });
  const last = new Map<unknown, Told>();
  return Array.from({ length: count }, () => {
    at += 20_000;
    const step = desk.next();
    const record = JSON.parse(step.record) as Record<string, unknown>;
    const told: Told = { step, at, record, before: last.get(record['Id']) };
    last.set(record['Id'], told);
    return told;
  });
}

const day = tell(2_000, 1);
const stepsOf = (...actions: string[]) => day.filter(({ step }) => actions.includes(step.action));
const timeOf = (record: Record<string, unknown>, field: string) =>
  Date.parse(String(record[field]));

/** After which action about the same record each action may follow; null: it is the first. */
const FOLLOWS: Readonly<Record<string, readonly (string | null)[]>> = {
  BookingCreate: [null],
  BookingUpdate: ['BookingCreate', 'BookingUpdate'],
  BookingDelete: ['BookingCreate', 'BookingUpdate'],
  VisitorRegistered: [null],
  VisitorCheckedin: ['VisitorRegistered'],
  VisitorDeleted: ['VisitorRegistered'],
  CheckinCreated: [null],
  CheckinUpdated: ['CheckinCreated'],
  CoworkerCheckin: [null, 'CoworkerCheckout'],
  CoworkerCheckout: ['CoworkerCheckin'],
  CoworkerInvoiceCreate: [null],
  CoworkerInvoiceFailedPayment: ['CoworkerInvoiceCreate', 'CoworkerInvoiceFailedPayment'],
  CoworkerInvoicePaid: ['CoworkerInvoiceCreate', 'CoworkerInvoiceFailedPayment'],
  HelDeskMessageCreated: [null],
  HelpDeskCommentCreated: [null],
};

/** Fields of a record that no story changes. */
const FIXED = [
  'UniqueId',
  'CreatedOn',
  'BusinessId',
  'CoworkerId',
  'FullName',
  'InvoiceNumber',
  'TotalAmount',
];

describe('a day at the front desk', () => {
  test('is the same for the same seed and clock, and another for another seed', () => {
    const steps = (seed: number) => tell(300, seed).map(({ step }) => step);
    expect(steps(1)).toEqual(day.slice(0, 300).map(({ step }) => step));
    expect(steps(2)).not.toEqual(steps(1));
  });

  test('has all kinds of actions, at three locations', () => {
    expect(new Set(day.map(({ step }) => step.action))).toEqual(new Set(Object.keys(FOLLOWS)));
    expect(new Set(day.map(({ step }) => step.location)).size).toBe(3);
  });

  test('tells many stories at once', () => {
    const neighbours = day.filter(
      ({ before }, index) => before !== undefined && before === day[index - 1],
    );
    expect(neighbours.length).toBeLessThan(day.length / 10);
  });

  test('tells each step in one plain line', () => {
    for (const { step } of day) expect(step.tell).toMatch(/^\p{Lu}[^\p{Cc}]{10,99}$/u);
  });
});

describe('every record', () => {
  test('is compact, with all fields of its sample in their order, and of their types', () => {
    for (const { step, record } of day) {
      const action = catalogue.findAction(step.action)!;
      expect(step.record).toBe(JSON.stringify(record));
      const sample = JSON.parse(catalogue.sampleRecord(action)) as object;
      expect(Object.keys(record)).toEqual(Object.keys(sample));
      const { properties } = catalogue.recordSchema(action) as {
        properties: Record<string, { type: string | string[] }>;
      };
      const wrong = Object.entries(record).filter(
        ([field, value]) => !fits(value, [properties[field]?.type].flat()),
      );
      expect(wrong).toEqual([]);
    }
  });

  test('follows on what was reported of it before', () => {
    for (const { step, before } of day) {
      expect(FOLLOWS[step.action]).toContain(before?.step.action ?? null);
      expect(before?.step.location ?? step.location).toBe(step.location);
    }
  });

  test('keeps what identifies it, and its UpdatedOn moves on', () => {
    for (const { record, before } of day) {
      if (before === undefined) continue;
      for (const field of FIXED) expect(record[field]).toEqual(before.record[field]);
      expect(String(record['UpdatedOn']) > String(before.record['UpdatedOn'])).toBe(true);
    }
  });

  test('keeps nothing personal of the sample that it was made from', () => {
    for (const { step } of day) {
      if (step.record.includes('Nora Lind')) continue;
      expect(step.record).not.toMatch(/Nora|Lind|Bryggjugata|IS000142|555 0142|TH-2026-00117/);
    }
  });

  test('has a UniqueId of its own', () => {
    const ids = new Map(day.map(({ record }) => [record['Id'], record['UniqueId']]));
    expect(new Set(ids.values()).size).toBe(ids.size);
  });

  test('moves on even if the clock stands still', () => {
    const desk = openFrontDesk({ seed: 3, now: () => MORNING });
    const updated = new Map<unknown, string>();
    for (let count = 0; count < 300; count += 1) {
      const record = JSON.parse(desk.next().record) as { Id: number; UpdatedOn: string };
      expect(record.UpdatedOn > (updated.get(record.Id) ?? '')).toBe(true);
      updated.set(record.Id, record.UpdatedOn);
    }
  });
});

describe('a booking', () => {
  test('begins in the future, before it ends, and costs what the room costs', () => {
    for (const { record, at } of stepsOf('BookingCreate', 'BookingUpdate')) {
      expect(record['MinutesToStart']).toBe(Math.floor((timeOf(record, 'FromTime') - at) / 60_000));
      expect(record['MinutesToStart']).toBeGreaterThan(0);
      expect(timeOf(record, 'FromTime')).toBeLessThan(timeOf(record, 'ToTime'));
      expect(record['EstimatedCost']).toBeGreaterThan(0);
      expect(record['EstimagedCost']).toBe(record['EstimatedCost']);
    }
  });

  test('never shares its room with another one', () => {
    const taken = new Map<unknown, { room: unknown; from: number; to: number }>();
    for (const { step, record } of stepsOf('BookingCreate', 'BookingUpdate', 'BookingDelete')) {
      taken.delete(record['Id']);
      if (step.action === 'BookingDelete') continue;
      const [from, to] = [timeOf(record, 'FromTime'), timeOf(record, 'ToTime')];
      const room = record['ResourceId'];
      const clash = [...taken.values()].filter(
        (other) => other.room === room && other.from < to && from < other.to,
      );
      expect(clash).toEqual([]);
      taken.set(record['Id'], { room, from, to });
    }
  });
});

describe('an invoice', () => {
  test('is unpaid until it is paid in full, with tax', () => {
    for (const { step, record } of stepsOf(
      'CoworkerInvoiceCreate',
      'CoworkerInvoiceFailedPayment',
      'CoworkerInvoicePaid',
    )) {
      const paid = step.action === 'CoworkerInvoicePaid';
      expect(record['Paid']).toBe(paid);
      expect(record['PaidOn'] !== null).toBe(paid);
      expect(record['PaidAmount']).toBe(paid ? record['TotalAmount'] : 0);
      const net = Number(record['TotalAmount']) - Number(record['TaxAmount']);
      expect(record['TaxAmount']).toBeCloseTo(net * 0.24, 1);
    }
  });

  test('has the next number of its location', () => {
    const last = new Map<number, number>();
    for (const { step, record } of stepsOf('CoworkerInvoiceCreate')) {
      const number = Number(String(record['InvoiceNumber']).slice(-5));
      expect(number).toBe((last.get(step.location) ?? number - 1) + 1);
      last.set(step.location, number);
    }
  });
});

describe('people', () => {
  test('are checked in once at a time, and leave after they came', () => {
    const inside = new Set<unknown>();
    for (const { step, record } of stepsOf('CheckinCreated', 'CheckinUpdated')) {
      const member = record['CoworkerId'];
      if (step.action === 'CheckinCreated') {
        expect(inside.has(member)).toBe(false);
        expect(record['ToTime']).toBeNull();
        inside.add(member);
      } else {
        expect(timeOf(record, 'ToTime')).toBeGreaterThanOrEqual(timeOf(record, 'FromTime'));
        inside.delete(member);
      }
    }
  });

  test('who visit have arrived when they are checked in', () => {
    for (const { step, record } of stepsOf(
      'VisitorRegistered',
      'VisitorCheckedin',
      'VisitorDeleted',
    )) {
      const arrived = step.action === 'VisitorCheckedin';
      expect(record['Arrived']).toBe(arrived);
      expect(record['ArrivalDate'] !== null).toBe(arrived);
    }
  });

  test('comment on a message of the help desk that exists, about its member', () => {
    const askedBy = new Map(
      stepsOf('HelDeskMessageCreated').map(({ record, at }) => [record['Id'], { at, record }]),
    );
    for (const { record, at } of stepsOf('HelpDeskCommentCreated')) {
      const message = askedBy.get(record['HelpDeskMessageId'])!;
      expect(message.at).toBeLessThan(at);
      expect(message.record['CoworkerId']).toBe(record['CoworkerId']);
    }
  });
});

function fits(value: unknown, types: readonly unknown[]): boolean {
  if (value === null) return types.includes('null');
  if (Array.isArray(value)) return types.includes('array');
  if (Number.isInteger(value) && types.includes('integer')) return true;
  return types.includes(typeof value);
}

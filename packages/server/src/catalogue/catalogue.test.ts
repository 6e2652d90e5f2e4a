import Schema from 'typebox/schema';
import { describe, expect, test } from 'vitest';
import { type Action, loadCatalogue } from './catalogue.ts';

const catalogue = loadCatalogue();

function action(nameOrValue: string): Action {
  const found = catalogue.findAction(nameOrValue);
  if (found === undefined) throw new Error(`No action ${nameOrValue}.`);
  return found;
}

/** The labels of the specification, with the value and the name of each. */
const SPECIFIED: readonly [number, string, string][] = [
  [2, 'CoworkerUpdate', 'Coworker Update'],
  [3, 'CoworkerCreate', 'Coworker Create'],
  [4, 'BlogPostCreate', 'BlogPost Create'],
  [5, 'BlogPostUpdate', 'BlogPost Update'],
  [6, 'BookingCreate', 'Booking Create'],
  [7, 'BookingUpdate', 'Booking Update'],
  [8, 'BookingDelete', 'Booking Delete'],
  [9, 'SendWelcomeEmail', 'Send Welcome Email'],
  [10, 'CoworkerContractActivate', 'Coworker Contract Activate'],
  [11, 'CoworkerContractCancel', 'Coworker Contract Cancel'],
  [12, 'CoworkerContractRenew', 'Coworker Contract Renew'],
  [13, 'CoworkerContractUpgradeDowngrade', 'Coworker Contract Upgrade Downgrade'],
  [14, 'CoworkerContractActivateFirst', 'Coworker Contract Activate First'],
  [15, 'CoworkerInvoiceCreateFirst', 'Coworker Invoice Create First'],
  [16, 'CoworkerInvoiceCreate', 'Coworker Invoice Create'],
  [17, 'CoworkerInvoiceDelete', 'Coworker Invoice Delete'],
  [18, 'CoworkerInvoiceUpdate', 'Coworker Invoice Update'],
  [19, 'CoworkerInvoiceRefund', 'Coworker Invoice Refund'],
  [20, 'CoworkerInvoiceCreditNote', 'Coworker Invoice Credit Note'],
  [21, 'CoworkerInvoicePaid', 'Coworker Invoice Paid'],
  [22, 'CoworkerInvoiceFailedPayment', 'Coworker Invoice Failed Payment'],
  [23, 'CoworkerInvoiceReceivedPayment', 'Coworker Invoice Received Payment'],
  [24, 'CoworkerInvoiceAwaitingPayment', 'Coworker Invoice Awaiting Payment'],
  [25, 'CalendarEventCreate', 'Calendar Event Create'],
  [26, 'CalendarEventUpdate', 'Calendar Event Update'],
  [27, 'CalendarEventAttendeeDelete', 'Calendar Event Attendee Delete'],
  [28, 'CalendarEventAttendeeCreate', 'Calendar Event Attendee Create'],
  [29, 'CalendarEventAttendeeUpdate', 'Calendar Event Attendee Update'],
  [30, 'GlobalChatMessageCreate', 'Global Chat Message Create'],
  [31, 'NewsLetterSubscriberCreate', 'NewsLetter Subscriber Create'],
  [32, 'NewsLetterSubscriberSubscribed', 'NewsLetter Subscriber Subscribed'],
  [33, 'NewsLetterSubscriberUnSubscribed', 'NewsLetter Subscriber UnSubscribed'],
  [34, 'NewsLetterSubscriberRemovedFromGroup', 'NewsLetter Subscriber Removed From Group'],
  [35, 'CoworkerCheckout', 'Coworker Checkout'],
  [36, 'CoworkerCheckin', 'Coworker Checkin'],
  [37, 'CoworkerCheckinFailed', 'Coworker Checkin Failed'],
  [38, 'VisitorNotification', 'Visitor Notification'],
  [39, 'CommunityBoardNewThread', 'Community Board New Thread'],
  [40, 'CommunityBoardNewReply', 'Community Board New Reply'],
  [41, 'VisitorCheckedin', 'Visitor Checked in'],
  [42, 'VisitorRegistered', 'Visitor Registered'],
  [43, 'BlogPostDelete', 'Blog Post Delete'],
  [44, 'CalendarEventDelete', 'Calendar Event Delete'],
  [45, 'HelDeskMessageCreated', 'HelDesk Message Created'],
  [46, 'HelpDeskCommentCreated', 'HelpDesk Comment Created'],
  [47, 'CheckinCreated', 'Checkin Created'],
  [48, 'CheckinUpdated', 'Checkin Updated'],
  [49, 'CheckinDeleted', 'Checkin Deleted'],
  [50, 'CoworkerDelete', 'Coworker Delete'],
  [51, 'CoworkerMessageCreate', 'Coworker Message Create'],
  [52, 'DeliveryCreated', 'Delivery Created'],
  [53, 'DeliveryAssigned', 'Delivery Assigned'],
  [54, 'ProposalCreated', 'Proposal Created'],
  [55, 'ProposalUpdated', 'Proposal Updated'],
  [56, 'ProposalDeleted', 'Proposal Deleted'],
  [57, 'TeamCreated', 'Team Create'],
  [58, 'TeamUpdated', 'Team Update'],
  [59, 'TeamDeleted', 'Team Delete'],
];

describe('the actions', () => {
  test('have the values 1 to 90 without gaps, and no name or label twice', () => {
    expect(catalogue.actions.map(({ value }) => value)).toEqual(
      Array.from({ length: 90 }, (_, index) => index + 1),
    );
    expect(new Set(catalogue.actions.map(({ name }) => name.toLowerCase())).size).toBe(90);
    expect(new Set(catalogue.actions.map(({ label }) => label)).size).toBe(90);
  });

  test('have the 58 labels of the specification', () => {
    expect(SPECIFIED).toHaveLength(58);
    expect(
      catalogue.actions
        .filter(({ value }) => value >= 2 && value <= 59)
        .map(({ value, name, label }) => [value, name, label]),
    ).toEqual(SPECIFIED);
  });

  test('that are newer than the specification are labelled by their name, word by word', () => {
    const newer = catalogue.actions.filter(({ value }) => value >= 60);
    expect(newer).toHaveLength(31);
    for (const { name, label } of newer) expect(label.replaceAll(' ', '')).toBe(name);
    expect(action('65').label).toBe('Coworker Invoice Ledger Entry Create');
  });

  test('carry a record each, except the sentinel None', () => {
    expect(action('None')).toEqual({ value: 1, name: 'None', label: 'None', record: null });
    expect(catalogue.actions.filter(({ record }) => record === null)).toHaveLength(1);
    expect(new Set(catalogue.actions.map(({ record }) => record ?? '')).size).toBe(28 + 1);
  });
});

describe('finding an action', () => {
  test.each([
    ['BookingCreate', 6],
    ['bookingcreate', 6],
    ['HELDESKMESSAGECREATED', 45],
    ['6', 6],
    ['90', 90],
    ['1', 1],
    ['none', 1],
  ])('finds %s', (nameOrValue, value) => {
    expect(catalogue.findAction(nameOrValue)?.value).toBe(value);
  });

  test.each(['', '0', '91', '06', '6.0', ' 6', 'Booking Create', 'toString', '__proto__'])(
    'does not find "%s"',
    (text) => {
      expect(catalogue.findAction(text)).toBeUndefined();
    },
  );

  test.each([
    ['BookingCreated', 'BookingCreate'],
    ['booking create', 'BookingCreate'],
    ['HelpDeskMessageCreated', 'HelDeskMessageCreated'],
    ['VISITORCHECKEDOUT', 'VisitorCheckedin'],
    ['TeamCreate', 'TeamCreated'],
  ])('suggests for %s the name %s', (text, name) => {
    expect(catalogue.closestActionName(text)).toBe(name);
  });

  test('suggests something that exists and fires for any text, however long', () => {
    for (const text of ['', 'non', '🦭'.repeat(1_000_000)]) {
      expect(action(catalogue.closestActionName(text)).record).not.toBeNull();
    }
  });
});

describe('the schema of a record', () => {
  const booking = catalogue.recordSchema(action('BookingCreate'));
  const invoice = catalogue.recordSchema(action('CoworkerInvoicePaid'));

  test('is made once per record type', () => {
    expect(catalogue.recordSchema(action('BookingDelete'))).toBe(booking);
    expect(invoice).not.toBe(booking);
  });

  test('tells type, null and format of a field', () => {
    expect(booking).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'Booking',
      type: 'object',
      properties: {
        ResourceId: { type: 'integer' },
        CoworkerId: { type: ['integer', 'null'] },
        FromTime: { type: 'string', format: 'date-time' },
        UniqueId: { type: 'string', format: 'uuid' },
        EstimatedCost: { type: ['number', 'null'] },
        BookingVisitors: { type: 'array', items: { type: 'object' } },
        ChargedExtraServices: { type: ['array', 'null'], items: { type: 'object' } },
        Repeats: {
          type: 'integer',
          description: 'eBookingRepeatCycle: 1 Daily, 2 Weekly, 3 Monthly, 4 Yearly',
        },
      },
    });
  });

  test('requires what a call carries, and allows what only newer REST answers have', () => {
    const { properties, required } = invoice as { properties: object; required: string[] };
    expect(required).toHaveLength(94);
    expect(required).not.toContain('InvoiceLines');
    expect(Object.keys(properties)).toEqual([...required, ...Object.keys(properties).slice(94)]);
    expect(properties).toHaveProperty('InvoiceLines');
  });

  test('refuses a wrong type and a missing field, and lets unknown fields pass', () => {
    const check = Schema.Compile(booking);
    const record = JSON.parse(catalogue.sampleRecord(action('BookingCreate'))) as object;
    const { ResourceName: _, ...withoutName } = record as Record<string, unknown>;
    expect(check.Check(record)).toBe(true);
    expect(check.Check({ ...record, Unheard: 'of' })).toBe(true);
    expect(check.Check({ ...record, FromTime: 'tomorrow' })).toBe(false);
    expect(check.Check({ ...record, Online: 1 })).toBe(false);
    expect(check.Check(withoutName)).toBe(false);
  });

  test('does not exist for None, nor does a sample', () => {
    expect(() => catalogue.recordSchema(action('None'))).toThrow('None carries no record');
    expect(() => catalogue.sampleRecord(action('None'))).toThrow('None carries no record');
  });
});

describe('the enums', () => {
  test('have all actions as eWebhookAction', () => {
    const values = catalogue.enumValues('eWebhookAction');
    expect(values).toHaveLength(90);
    expect(values?.[0]).toEqual({ Id: 1, Name: 'None', Label: 'None' });
    expect(values?.[56]).toEqual({ Id: 57, Name: 'TeamCreated', Label: 'Team Create' });
  });

  test.each([
    ['eCheckinSource', 6],
    ['eVisitorSource', 3],
    ['eVisitorHostApprovalStatus', 5],
    ['eDeliveryType', 6],
    ['eDeliveryHandlingPreference', 12],
    ['eHelpDeskMessagePriority', 4],
    ['eHelpDeskAiResult', 3],
    ['eBookingRepeatCycle', 4],
    ['eRepeatedBookingUpdateAction', 2],
    ['eCoworkerRecordType', 2],
    ['eGender', 6],
    ['eLanguage', 3],
  ])('have %s with %i values, labelled by their names, word by word', (name, count) => {
    const values = catalogue.enumValues(name) ?? [];
    expect(values).toHaveLength(count);
    expect(new Set(values.map(({ Id }) => Id)).size).toBe(count);
    for (const { Name, Label } of values) expect(Label.replaceAll(' ', '')).toBe(Name);
  });

  test.each(['', 'ewebhookaction', 'eProposalStatus', 'constructor'])(
    'do not have "%s"',
    (name) => {
      expect(catalogue.enumValues(name)).toBeUndefined();
    },
  );
});

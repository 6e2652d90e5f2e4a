import type { Desk, Story, Values } from '../desk.ts';
import { CURRENCY, type Location, type Member, TAX_PERCENT } from '../space.ts';
import { DAY_MS, secondText, startOfDay } from '../times.ts';

/** The last invoice number of each location, by the location's id. */
export type InvoiceNumbers = Map<number, number>;

const EXTRAS = [
  { name: 'locker', price: 18 },
  { name: 'three hours of a meeting room', price: 72 },
  { name: 'printing', price: 6.35 },
  { name: 'two guest passes', price: 41 },
];

/** An invoice is issued, and paid in the end; sometimes the card is refused first. */
export function* invoiceStory(desk: Desk, numbers: InvoiceNumbers, location: Location): Story {
  const { random } = desk;
  const member = random.pick(location.members);
  let invoice = issueInvoice(desk, numbers, location, member);
  const number = String(invoice['InvoiceNumber']);
  const amount = Number(invoice['TotalAmount']);
  const told = `${amount.toFixed(2)} ${CURRENCY}`;
  yield desk.report(
    location,
    'CoworkerInvoiceCreate',
    invoice,
    `${member.name} gets invoice ${number} of ${told}`,
  );

  while (random.chance(25)) {
    const triedOn = secondText(desk.now());
    invoice = desk.change(invoice, {
      LastPaymentAttempt: triedOn,
      LastPaymentAttemptLocal: triedOn,
    });
    yield desk.report(
      location,
      'CoworkerInvoiceFailedPayment',
      invoice,
      `The card of ${member.name} is refused for ${number}`,
    );
  }

  const paidOn = secondText(desk.now());
  invoice = desk.change(invoice, {
    Paid: true,
    PaidOn: paidOn,
    PaidOnLocal: paidOn,
    PaidAmount: amount,
    ReceivedAmount: amount,
    TransactionTotalAmount: amount,
    TransactionCurrencyId: invoice['CurrencyId'],
    TransactionCurrencyCode: CURRENCY,
    TransactionExchangeRate: 1,
    LastPaymentAttempt: paidOn,
    LastPaymentAttemptLocal: paidOn,
  });
  yield desk.report(
    location,
    'CoworkerInvoicePaid',
    invoice,
    `${member.name} pays ${number}, ${told}`,
  );
}

function issueInvoice(
  desk: Desk,
  numbers: InvoiceNumbers,
  location: Location,
  member: Member,
): Values {
  const { random } = desk;
  const now = desk.now();
  const today = startOfDay(now);
  const count = (numbers.get(location.id) ?? 116) + 1;
  numbers.set(location.id, count);
  const number = `${location.code}-${new Date(now).getUTCFullYear()}-${String(count).padStart(5, '0')}`;
  const extra = random.chance(50) ? random.pick(EXTRAS) : null;
  const net = member.plan.price + (extra?.price ?? 0);
  const tax = cents((net * TAX_PERCENT) / 100);
  const [from, to, due] = [today, today + 29 * DAY_MS, today + 14 * DAY_MS].map(secondText);
  return desk.create('CoworkerInvoiceCreate', {
    CoworkerId: member.id,
    CoworkerFullName: member.name,
    CoworkerCardNumber: `**** ${String(member.id).slice(-4)}`,
    CoworkerBillingEmail: member.email,
    CoworkerCompanyName: member.company,
    BusinessId: location.id,
    BusinessName: location.name,
    InvoiceNumber: number,
    PaymentReference: number.replaceAll('-', ''),
    BillToName: member.company,
    BillToAddress: null,
    BillToPhone: null,
    BillToTaxIDNumber: null,
    Description: extra === null ? member.plan.name : `${member.plan.name}, ${extra.name}`,
    DueDate: due,
    InvoiceFromDate: from,
    InvoiceToDate: to,
    TotalAmount: cents(net + tax),
    TaxAmount: tax,
    SentOn: secondText(now),
    ContractGuid: null,
    CreatedOnLocal: secondText(now),
    DueDateLocal: due,
    InvoiceFromDateLocal: from,
    InvoiceToDateLocal: to,
    ToStringText: number,
  });
}

function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}

import type { Tally } from '../tally.ts';
import type { Entry } from './producer.ts';
import type { Receipt } from './receivers.ts';
import { POISON, type TrackedRecord } from './reports.ts';
import { subscriptionsOf } from './space.ts';
import type { VisibleDelivery } from './visible.ts';

/** Calls of one request at most: the first and ten re-attempts. */
const MAX_ATTEMPTS = 11;

/** All that is known at the end. */
export interface Ledgers {
  readonly sent: readonly Entry[];
  readonly receipts: readonly Receipt[];
  readonly events: readonly { readonly id: string }[];
  readonly deliveries: readonly VisibleDelivery[];
  /** Receipts that a killed process did not live to write down, of all kills. */
  readonly unsettled: readonly Receipt[];
  /** Webhook id to the name of its receiver. */
  readonly webhooks: ReadonlyMap<number, string>;
}

export interface Comparison extends Tally {
  /** What breaks a promise, in words; empty if all is well. */
  readonly violations: readonly string[];
}

/**
 * Compares what the platform was told with what the receivers got and with what the service shows.
 * The names of the rules are those of the promises: kept, never invented, whole, at least once.
 */
export function compare(ledgers: Ledgers): Comparison {
  const violations: string[] = [];
  const receiptsOf = Map.groupBy(ledgers.receipts, (receipt) => receipt.webhookId);
  const eventsOfRecord = new Map<string, Set<string>>();
  for (const { record, event } of ledgers.receipts) {
    const events = eventsOfRecord.get(record) ?? new Set();
    eventsOfRecord.set(record, events.add(event));
  }
  const unsettledOf = Map.groupBy(ledgers.unsettled, (receipt) => receipt.webhookId);
  const deliveriesOf = Map.groupBy(ledgers.deliveries, (delivery) => delivery.event);
  const counts = { accepted: 0, refused: 0, unknown: 0, unknownKept: 0, lost: 0 };

  const known = new Set<string>();
  for (const entry of ledgers.sent) checkEntry(entry);
  checkEvents();
  for (const delivery of ledgers.deliveries) checkDelivery(delivery);
  const duplicates = checkReceipts();
  return { violations, ...counts, duplicates };

  function checkEntry(entry: Entry): void {
    const { report, endings } = entry;
    const { records } = report;
    const oks = endings.filter((ending) => ending.kind === 'ok');
    const refusals = endings.filter((ending) => ending.kind === 'refused');
    for (const record of records) known.add(record.id);
    for (const { status } of refusals) {
      const isExpected = report.isBad ? status === 400 : report.isTwin ? status === 409 : false;
      if (!isExpected && status !== 503) violate(`${first(entry)} was refused with ${status}`);
    }

    const kept = records.filter((record) => eventsOfRecord.has(record.id)).length;
    if (report.isBad || report.isTwin || refusals.length === endings.length) {
      if (oks.length > 0) violate(`${first(entry)} was accepted although it is bad`);
      if (kept > 0) violate(`${first(entry)} was refused and yet sent`);
      counts.refused += records.length;
      return;
    }
    if (kept !== 0 && kept !== records.length) violate(`${first(entry)}: a part of it was kept`);
    for (const record of records) {
      const events = eventsOfRecord.get(record.id)?.size ?? 0;
      if (events > 1) violate(`${record.id} became ${events} events`);
    }
    const [ok, ...later] = oks;
    if (!ok) {
      if (report.idempotencyKey !== null) violate(`${first(entry)} was never answered`);
      counts.unknown += records.length;
      counts.unknownKept += kept;
      if (kept > 0) for (const record of records) checkRecord(record, entry);
      return;
    }
    counts.accepted += records.length;
    for (const again of later) {
      if (!again.isReplay || again.events.join(' ') !== ok.events.join(' '))
        violate(`${first(entry)} was accepted twice under one Idempotency-Key`);
    }
    for (const [i, record] of records.entries()) checkRecord(record, entry, ok.events[i]);
  }

  /** Kept: each matching webhook got the record, byte for byte, or shows why not. */
  function checkRecord(record: TrackedRecord, { report }: Entry, answered?: string): void {
    const event = answered ?? [...eventsOfRecord.get(record.id)!][0]!;
    const deliveries = deliveriesOf.get(event) ?? [];
    const wanted = subscriptionsOf(report);
    if (deliveries.length !== wanted.length)
      violate(`${record.id}: ${deliveries.length} deliveries for ${wanted.length} webhooks`);
    for (const { name, isFlaky = false } of wanted) {
      const delivery = deliveries.find(({ webhook }) => ledgers.webhooks.get(webhook) === name);
      const receipts = receiptsOf.get(delivery?.id ?? '') ?? [];
      const isReceived = receipts.some(({ status }) => status === 200);
      const isPoison = isFlaky && record.fails === POISON;
      if (!delivery || (delivery.state !== 'failed' && !isReceived)) {
        counts.lost++;
        violate(`${record.id} is lost for ${name}: ${delivery?.state ?? 'no delivery'}`);
      }
      if (delivery && delivery.state !== (isPoison ? 'failed' : 'delivered'))
        violate(`${record.id} for ${name} ended as ${delivery.state}`);
      for (const receipt of receipts) {
        if (receipt.sha256 !== record.sha256) violate(`${record.id} arrived with other bytes`);
        if (receipt.event !== event) violate(`${record.id} arrived as another event`);
        if (receipt.receiver !== name) violate(`${record.id} arrived at ${receipt.receiver}`);
      }
    }
  }

  /** Never invented: every event is one that was sent, and all are known to the service. */
  function checkEvents(): void {
    const shown = new Set(ledgers.events.map(({ id }) => id));
    for (const [record, events] of eventsOfRecord) {
      if (!known.has(record)) violate(`${record} was received and never sent`);
      for (const event of events)
        if (!shown.has(event)) violate(`${event} was received and is not shown`);
    }
    const received = new Set(ledgers.receipts.map(({ event }) => event));
    for (const event of shown)
      if (!received.has(event)) violate(`${event} is shown and was never sent`);
  }

  /** Written down: attempts and receipts differ by what was in flight at the kills, exactly. */
  function checkDelivery({ id, state, attempts }: VisibleDelivery): void {
    if (state !== 'delivered' && state !== 'failed') violate(`${id} is still ${state}`);
    if (attempts > MAX_ATTEMPTS) violate(`${id} has ${attempts} attempts`);
    const receipts = receiptsOf.get(id)?.length ?? 0;
    const unsettled = unsettledOf.get(id)?.length ?? 0;
    if (receipts - unsettled !== attempts)
      violate(`${id}: ${receipts} calls, ${unsettled} in flight at kills, ${attempts} attempts`);
  }

  /** At least once, with the same id; a second success only where the first was in flight at a kill. */
  function checkReceipts(): number {
    let repeated = 0;
    for (const [id, receipts] of receiptsOf) {
      const successes = receipts.filter(({ status }) => status === 200).length;
      if (successes > 1) repeated += successes - 1;
      if (new Set(receipts.map(({ event }) => event)).size > 1)
        violate(`${id} stands for several events`);
      for (const { isSigned } of receipts)
        if (!isSigned) violate(`${id} came with a bad signature`);
    }
    if (repeated > ledgers.unsettled.length)
      violate(`${repeated} duplicates, ${ledgers.unsettled.length} calls in flight at kills`);
    return repeated;
  }

  function violate(text: string): void {
    violations.push(text);
  }
}

function first({ report }: Entry): string {
  return `${report.isBatch ? `the batch of ${report.records.length} from ` : ''}${report.records[0]!.id}`;
}

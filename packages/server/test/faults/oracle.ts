import type { Tally } from '../tally.ts';
import type { Receipt } from './behaviour.ts';
import type { Fault } from './fault-log.ts';
import type { Ending, SentEntry } from './producer.ts';
import type { WrittenDelivery } from './store-state.ts';

/** All that is known when the faults are over and nothing moves any more. */
export interface Evidence {
  readonly sent: readonly SentEntry[];
  readonly receipts: readonly Receipt[];
  readonly deliveries: readonly WrittenDelivery[];
  readonly storedEvents: number;
  readonly faults: readonly Fault[];
  /** Webhook id → its name, which is that of its receiver. */
  readonly webhooks: ReadonlyMap<number, string>;
  /** Names of the webhooks that want what happens at a location. */
  wantedAt(location: number): readonly string[];
  /** Webhooks behind which deliveries may wait, visibly: their receiver is dead, or they are off. */
  readonly mayWait: ReadonlySet<string>;
  /** Times in which everything stood still: what came twice over one of them has its reason. */
  readonly standstills: readonly { readonly from: number; readonly to: number }[];
  /** Calls of one delivery at most. */
  readonly maxAttempts: number;
  /** Events that others than the producer reported: tests, probes of a recipe. */
  readonly extraEvents: number;
  /** Receivers whose calls cannot be verified: no secret, or a clock that was wrong on purpose. */
  readonly unverified: ReadonlySet<string>;
}

export interface Judgement extends Tally {
  /** Every broken promise as a sentence; empty if all is well. */
  readonly violations: readonly string[];
  /** Calls that arrived and were not written down when a fault cut them off: what may come twice. */
  readonly inFlight: number;
}

/** Holds the ledgers and the store against each other; I1 to I7 are the invariants' names. */
export function judge(evidence: Evidence): Judgement {
  const violations: string[] = [];
  const receiptsOf = Map.groupBy(evidence.receipts, (receipt) => receipt.delivery);
  const deliveriesOf = Map.groupBy(evidence.deliveries, (delivery) => delivery.event);
  const receivedEvents = new Map<string, Set<string>>();
  for (const { record, event } of evidence.receipts) {
    const events = receivedEvents.get(record);
    if (events) events.add(event);
    else receivedEvents.set(record, new Set([event]));
  }
  const counts = { accepted: 0, refused: 0, unknown: 0, unknownKept: 0, lost: 0 };
  const inFlight = evidence.faults.reduce((sum, fault) => sum + countInFlight(fault), 0);

  const sha256Of = checkSent();
  checkReceipts(sha256Of);
  for (const delivery of evidence.deliveries) checkDelivery(delivery);
  const duplicates = checkDuplicates();
  return { violations, ...counts, duplicates, inFlight };

  /** I1, I3: what was accepted is kept, what was refused is not. Returns the hash of each record. */
  function checkSent(): ReadonlyMap<string, string> {
    const hashes = new Map<string, string>();
    const endings = new Map<string, Ending[]>();
    const intents: Extract<SentEntry, { kind: 'intent' }>[] = [];
    for (const entry of evidence.sent) {
      if (entry.kind === 'intent') {
        intents.push(entry);
        endings.set(entry.key, []);
        for (const { id, sha256 } of entry.records) hashes.set(id, sha256);
      } else endings.get(entry.key)!.push(entry);
    }
    for (const intent of intents) checkReport(intent, endings.get(intent.key)!);
    const total = counts.accepted + counts.unknownKept + evidence.extraEvents;
    if (evidence.storedEvents !== total)
      violate(`I2: ${evidence.storedEvents} events are stored, ${total} are accounted for`);
    return hashes;
  }

  function checkReport(
    { records, location, key }: Extract<SentEntry, { kind: 'intent' }>,
    endings: readonly Ending[],
  ): void {
    const oks = endings.filter((ending) => ending.kind === 'ok');
    const kept = records.filter(({ id }) => receivedEvents.has(id));
    for (const { id } of records) {
      const events = receivedEvents.get(id)?.size ?? 0;
      if (events > 1) violate(`I2: ${id} became ${events} events`);
    }
    const [ok, ...again] = oks;
    if (ok) {
      counts.accepted += records.length;
      for (const { isReplay, events } of again) {
        if (!isReplay || events.join() !== ok.events.join())
          violate(`I2: ${key} was accepted twice under one Idempotency-Key`);
      }
      for (const [i, { id }] of records.entries()) checkKept(id, ok.events[i]!, location);
    } else if (endings.some((ending) => ending.kind === 'refused')) {
      counts.refused += records.length;
      for (const { id } of kept) violate(`I3: ${id} was refused and yet sent`);
    } else {
      counts.unknown += records.length;
      counts.unknownKept += kept.length;
      if (kept.length > 0 && kept.length < records.length)
        violate(`I1: only ${kept.length} of the ${records.length} records of ${key} were kept`);
      for (const { id } of kept) checkKept(id, [...receivedEvents.get(id)!][0]!, location);
    }
  }

  /** I1: each webhook that wants it got it, or shows why not. */
  function checkKept(id: string, event: string, location: number): void {
    const deliveries = deliveriesOf.get(event) ?? [];
    for (const name of evidence.wantedAt(location)) {
      const delivery = deliveries.find(({ webhook }) => evidence.webhooks.get(webhook) === name);
      if (delivery && isKept(delivery, name)) continue;
      counts.lost++;
      violate(`I1: ${id} (${event}) is lost for ${name}: ${describe(delivery)}`);
    }
  }

  function isKept(delivery: WrittenDelivery, name: string): boolean {
    if (receiptsOf.get(delivery.id)?.some(({ status }) => isSuccess(status))) return true;
    switch (delivery.state) {
      case 'failed':
        return delivery.attempts > 0 && delivery.reason !== null;
      case 'cancelled':
        return delivery.reason !== null;
      case 'delivered':
        return false;
      default:
        return evidence.mayWait.has(name);
    }
  }

  /** I2 and byte fidelity: whatever arrived was sent, whole, signed, to whom it belongs. */
  function checkReceipts(hashes: ReadonlyMap<string, string>): void {
    for (const receipt of evidence.receipts) {
      const { record, receiver, delivery, isSigned, skewS } = receipt;
      const hash = hashes.get(record);
      if (record !== '' && hash === undefined) violate(`I2: ${record} arrived and was never sent`);
      if (hash !== undefined && hash !== receipt.sha256)
        violate(`I2: ${record} arrived at ${receiver} with other bytes`);
      if (!isSigned && !evidence.unverified.has(receiver))
        violate(`${delivery} came to ${receiver} with a bad signature, ${skewS.toFixed(1)} s off`);
    }
    for (const [id, receipts] of receiptsOf) {
      const events = new Set(receipts.map(({ event }) => event));
      if (events.size > 1) violate(`I2: ${id} stands for ${events.size} events`);
    }
  }

  /** I4, I5, I6: attempts are bounded and written down, and everything has ended that can. */
  function checkDelivery(delivery: WrittenDelivery): void {
    const { id, state, attempts, logged, lastLogged } = delivery;
    const name = evidence.webhooks.get(delivery.webhook) ?? `webhook ${delivery.webhook}`;
    if (attempts > evidence.maxAttempts) violate(`I4: ${id} has ${attempts} attempts`);
    if ((state === 'due' || state === 'leased') && !evidence.mayWait.has(name))
      violate(`I5: ${id} for ${name} is still ${state}`);
    if (attempts !== logged || lastLogged !== logged)
      violate(`I6: ${id} counts ${attempts} attempts, its log has ${logged} up to ${lastLogged}`);
    const receipts = receiptsOf.get(id) ?? [];
    if (state === 'delivered' && !receipts.some(({ status }) => isSuccess(status)))
      violate(`I6: ${id} for ${name} counts as delivered and was not received`);
    if (state !== 'delivered' && receipts.some(({ status }) => isSuccess(status)))
      violate(`I6: ${id} was answered well by ${name} and is ${describe(delivery)}`);
  }

  /** I6, I7: what came twice was in flight when a fault cut it off, and there is not more of it. */
  function checkDuplicates(): number {
    const cuts = evidence.faults.filter(({ cut }) => cut.length > 0);
    let again = 0;
    let repeated = 0;
    let successes = 0;
    for (const [id, receipts] of receiptsOf) {
      const good = receipts.filter(({ status }) => isSuccess(status));
      if (good.length > 1) again += good.length - 1;
      for (const [i, later] of good.entries())
        if (i > 0 && !isOverStandstill(good[i - 1]!, later)) successes++;
      for (const [i, later] of receipts.entries()) {
        const earlier = receipts.slice(0, i).findLast(({ attempt }) => attempt === later.attempt);
        if (!earlier || isOverStandstill(earlier, later)) continue;
        repeated++;
        if (!cuts.some(({ at, until }) => begunAt(earlier) <= until && later.at >= at))
          violate(`I7: attempt ${later.attempt} of ${id} was made twice without a fault between`);
      }
    }
    if (repeated > inFlight) violate(`I7: ${repeated} calls repeated, ${inFlight} were in flight`);
    if (successes > repeated)
      violate(`I7: ${successes} second successes, only ${repeated} calls repeated`);
    return again;
  }

  /** Of the calls that a fault may have cut off, those that had been begun. */
  function countInFlight({ cut, until }: Fault): number {
    return cut.filter(([delivery, attempt]) =>
      receiptsOf
        .get(delivery)
        ?.some((receipt) => receipt.attempt === attempt && begunAt(receipt) <= until),
    ).length;
  }

  function isOverStandstill(earlier: Receipt, later: Receipt): boolean {
    return evidence.standstills.some(({ from, to }) => earlier.at <= to && later.at >= from);
  }

  function violate(text: string): void {
    violations.push(text);
  }
}

/**
 * When the node began the call, as its signature says, to the second before. A receiver on a busy
 * machine may read it long after the node has died.
 */
export function begunAt({ at, skewS }: Receipt): number {
  return Math.min(at, at + skewS * 1000);
}

function isSuccess(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300;
}

function describe(delivery: WrittenDelivery | undefined): string {
  if (!delivery) return 'no delivery';
  return `${delivery.state} after ${delivery.attempts} attempts${delivery.reason === null ? '' : ` (${delivery.reason})`}`;
}

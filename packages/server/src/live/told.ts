/** What was just written, as keys: whoever listens gets what the store says of them then. */
export interface Told {
  readonly deliveries: Set<number>;
  readonly events: Set<number>;
  readonly webhooks: Set<number>;
  /** `INBOX/NUMBER` */
  readonly requests: Set<string>;
  /** There was more than is gathered. */
  isIncomplete: boolean;
}

/** The same as it is handed in; an absent kind has nothing new. */
export interface Tidings {
  readonly deliveries?: readonly number[];
  readonly events?: readonly number[];
  readonly webhooks?: readonly number[];
  readonly requests?: readonly string[];
  readonly isIncomplete?: boolean;
}

/** Kept of a kind in one round: more than anybody reads, and some milliseconds to look up. */
export const MAX_TOLD = 300;

export function nothingTold(): Told {
  return {
    deliveries: new Set(),
    events: new Set(),
    webhooks: new Set(),
    requests: new Set(),
    isIncomplete: false,
  };
}

export function isNothing({ deliveries, events, webhooks, requests, isIncomplete }: Told): boolean {
  return deliveries.size + events.size + webhooks.size + requests.size === 0 && !isIncomplete;
}

export function addTo(told: Told, tidings: Tidings): void {
  let isWhole = addSome(told.deliveries, tidings.deliveries);
  isWhole = addSome(told.events, tidings.events) && isWhole;
  isWhole = addSome(told.webhooks, tidings.webhooks) && isWhole;
  isWhole = addSome(told.requests, tidings.requests) && isWhole;
  if (!isWhole || tidings.isIncomplete === true) told.isIncomplete = true;
}

/** As it crosses to other nodes, by JSON. */
export function tidingsOf(told: Told): Tidings {
  const { deliveries, events, webhooks, requests, isIncomplete } = told;
  return {
    deliveries: [...deliveries],
    events: [...events],
    webhooks: [...webhooks],
    requests: [...requests],
    isIncomplete,
  };
}

/** False: there were more than are kept. */
function addSome<T>(set: Set<T>, values: readonly T[] = []): boolean {
  for (const value of values) {
    if (set.size < MAX_TOLD) set.add(value);
    else if (!set.has(value)) return false;
  }
  return true;
}

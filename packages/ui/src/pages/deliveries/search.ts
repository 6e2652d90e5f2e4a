import * as v from 'valibot';

const STATES = ['due', 'held', 'sending', 'delivered', 'failed', 'cancelled'] as const;

const number = v.fallback(v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))), undefined);
const text = v.fallback(v.optional(v.pipe(v.string(), v.maxLength(100))), undefined);
const instant = v.fallback(v.optional(v.pipe(v.string(), v.isoTimestamp())), undefined);

/** The filters, as they stand in the address. What nobody could have chosen is left out. */
export const deliveriesSearch = v.object({
  webhook: number,
  state: v.fallback(v.optional(v.picklist(STATES)), undefined),
  action: text,
  location: number,
  event: text,
  from: instant,
  to: instant,
});

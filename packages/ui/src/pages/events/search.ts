import * as v from 'valibot';

const instant = v.pipe(
  v.string(),
  v.maxLength(40),
  v.check((text) => !Number.isNaN(Date.parse(text))),
);

/** The filters, as they stand in the address. What nobody could have chosen is left out. */
export const eventsSearch = v.object({
  action: v.fallback(v.optional(v.pipe(v.string(), v.maxLength(100))), undefined),
  location: v.fallback(v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))), undefined),
  from: v.fallback(v.optional(instant), undefined),
  to: v.fallback(v.optional(instant), undefined),
});

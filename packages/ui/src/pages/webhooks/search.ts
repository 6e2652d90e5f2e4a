import * as v from 'valibot';

/** The filters, as they stand in the address. What nobody could have chosen is left out. */
export const webhooksSearch = v.object({
  location: v.fallback(v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))), undefined),
  action: v.fallback(v.optional(v.pipe(v.string(), v.maxLength(100))), undefined),
  active: v.fallback(v.optional(v.boolean()), undefined),
});

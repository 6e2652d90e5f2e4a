import * as v from 'valibot';

const STATES = ['healthy', 'failing', 'open', 'off', 'disabled'] as const;

/** The filters, as they stand in the address. What nobody could have chosen is left out. */
export const webhooksSearch = v.object({
  location: v.fallback(v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))), undefined),
  action: v.fallback(v.optional(v.pipe(v.string(), v.maxLength(100))), undefined),
  state: v.fallback(v.optional(v.picklist(STATES)), undefined),
  // A number in the address arrives as one.
  q: v.fallback(
    v.optional(v.pipe(v.union([v.string(), v.number()]), v.toString(), v.maxLength(200))),
    undefined,
  ),
});

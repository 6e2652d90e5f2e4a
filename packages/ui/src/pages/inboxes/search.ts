import * as v from 'valibot';

/** The request that is shown; not set: the newest, whatever arrives. */
export const inboxSearch = v.object({
  request: v.fallback(v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))), undefined),
});

import * as v from 'valibot';

/** How far back the figures reach. */
export const overviewSearch = v.object({
  span: v.fallback(v.optional(v.picklist(['minute', 'hour', 'day'])), undefined),
});

import * as v from 'valibot';

/** What the form begins with. */
export const reportSearch = v.object({
  /** A name. */
  action: v.fallback(v.optional(v.pipe(v.string(), v.maxLength(100))), undefined),
});

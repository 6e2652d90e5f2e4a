import * as v from 'valibot';

/** What is searched for. A number in the address arrives as one. */
export const catalogueSearch = v.object({
  q: v.fallback(v.optional(v.pipe(v.union([v.string(), v.number()]), v.toString())), undefined),
});

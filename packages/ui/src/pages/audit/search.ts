import * as v from 'valibot';

const day = v.fallback(v.optional(v.pipe(v.string(), v.isoDate())), undefined);
const word = v.fallback(
  v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(100))),
  undefined,
);

/** The filters, as they stand in the address. */
export const auditSearch = v.object({ what: word, who: word, from: day, to: day });

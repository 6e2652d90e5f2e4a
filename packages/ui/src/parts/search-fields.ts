import * as v from 'valibot';

// What a page reads from its address. Nonsense there is the same as nothing.

/** The number of a thing. */
export const number = v.fallback(
  v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  undefined,
);

/** A name or an id. */
export const word = v.fallback(
  v.optional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100))),
  undefined,
);

/** What is searched for. A number in the address arrives as one. */
export const search = v.fallback(
  v.optional(v.pipe(v.union([v.string(), v.number()]), v.toString(), v.maxLength(200))),
  undefined,
);

/** As the API writes it; some that look like one are none, such as the 31st of February. */
export const instant = v.fallback(
  v.optional(
    v.pipe(
      v.string(),
      v.isoTimestamp(),
      v.check((text) => !Number.isNaN(Date.parse(text))),
    ),
  ),
  undefined,
);

import * as v from 'valibot';

/** Where to go after signing in: a path of this site, never another one. */
export const signInSearch = v.object({
  next: v.fallback(v.optional(v.pipe(v.string(), v.regex(/^\/(?![/\\])/))), undefined),
});

/** Of the links that set Posthorn up or invite somebody. */
export const linkSearch = v.object({
  token: v.fallback(v.optional(v.string()), undefined),
});

import * as v from 'valibot';

/** Where to go after signing in: a path of this site, never another one. */
export const signInSearch = v.object({
  next: v.fallback(v.optional(v.pipe(v.string(), v.regex(/^\/(?![/\\])/))), undefined),
  /** Why somebody was sent back here by the way of an identity provider. */
  error: v.fallback(v.optional(v.string()), undefined),
});

/** Of the links that set Posthorn up or invite somebody. */
export const linkSearch = v.object({
  token: v.fallback(v.optional(v.string()), undefined),
});

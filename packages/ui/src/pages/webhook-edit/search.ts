import * as v from 'valibot';

const text = (maxLength: number) =>
  v.fallback(v.optional(v.pipe(v.string(), v.maxLength(maxLength))), undefined);

/** What a new webhook begins with, when another page leads here. */
export const newWebhookSearch = v.object({
  url: text(2048),
  action: text(100),
  location: v.fallback(v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))), undefined),
});

/** The delivery of the test that is shown. */
export const editWebhookSearch = v.object({ test: text(100) });

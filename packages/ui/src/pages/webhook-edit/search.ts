import * as v from 'valibot';
import { number, word } from '../../parts/search-fields.ts';

/** What a new webhook begins with, when another page leads here. */
export const newWebhookSearch = v.object({
  url: v.fallback(v.optional(v.pipe(v.string(), v.maxLength(2048))), undefined),
  action: word,
  location: number,
});

/** The delivery of the test that is shown. */
export const editWebhookSearch = v.object({ test: word });

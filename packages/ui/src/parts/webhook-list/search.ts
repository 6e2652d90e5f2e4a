import * as v from 'valibot';
import { number, search, word } from '../search-fields.ts';

const STATES = ['healthy', 'failing', 'open', 'off', 'disabled'] as const;

/** The filters, as they stand in the address. What nobody could have chosen is left out. */
export const webhooksSearch = v.object({
  location: number,
  action: word,
  state: v.fallback(v.optional(v.picklist(STATES)), undefined),
  q: search,
});

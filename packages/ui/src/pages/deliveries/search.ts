import * as v from 'valibot';
import { instant, number, word } from '../../parts/search-fields.ts';

const STATES = ['due', 'held', 'sending', 'delivered', 'failed', 'cancelled'] as const;

/** The filters, as they stand in the address. What nobody could have chosen is left out. */
export const deliveriesSearch = v.object({
  webhook: number,
  state: v.fallback(v.optional(v.picklist(STATES)), undefined),
  action: word,
  location: number,
  event: word,
  from: instant,
  to: instant,
});

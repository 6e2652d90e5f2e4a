import * as v from 'valibot';
import { instant, number, word } from '../../parts/search-fields.ts';

/** The filters, as they stand in the address. What nobody could have chosen is left out. */
export const eventsSearch = v.object({
  action: word,
  location: number,
  from: instant,
  to: instant,
});

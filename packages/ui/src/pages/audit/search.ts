import * as v from 'valibot';
import { word } from '../../parts/search-fields.ts';

const day = v.fallback(v.optional(v.pipe(v.string(), v.isoDate())), undefined);

/** The filters, as they stand in the address. */
export const auditSearch = v.object({ what: word, who: word, from: day, to: day });

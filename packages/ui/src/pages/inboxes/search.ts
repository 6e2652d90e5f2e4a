import * as v from 'valibot';
import { number } from '../../parts/search-fields.ts';

/** The request that is shown; not set: the newest, whatever arrives. */
export const inboxSearch = v.object({ request: number });

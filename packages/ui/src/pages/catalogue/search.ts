import * as v from 'valibot';
import { search } from '../../parts/search-fields.ts';

export const catalogueSearch = v.object({ q: search });

import * as v from 'valibot';
import { word } from '../../parts/search-fields.ts';

/** The name of the action that the form begins with. */
export const reportSearch = v.object({ action: word });

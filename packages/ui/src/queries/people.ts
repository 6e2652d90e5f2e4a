import { posthorn } from '../api/client.ts';
import { pagedQuery } from './paged.ts';

/** Everybody who may sign in. */
export const peopleQuery = pagedQuery(['people'], (page) => posthorn.people.list(page));

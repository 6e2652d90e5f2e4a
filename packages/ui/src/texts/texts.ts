import { en } from './en.ts';

/** Every text of the pages, in the language of the reader. English is all there is so far. */
export const texts: Texts = en;

/** What a language has to say; English decides what there is. */
export type Texts = typeof en;

import { createShared } from './shared.ts';

/** Whether the session ended while pages were shown. */
export const signedOut = createShared(false);

import type { Posthorn } from '@posthorn/sdk';
import type { Show } from './show.ts';

/** What a command works with, read from the options when it runs. */
export interface Work {
  readonly client: () => Posthorn;
  readonly show: () => Show;
  readonly stdin: NodeJS.ReadableStream;
}

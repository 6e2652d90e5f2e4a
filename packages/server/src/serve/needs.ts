import type { Logger } from 'pino';
import type { Config } from '../config/options.ts';

/** What a process that is a node of the service must know. */
export interface ServeNeeds {
  readonly config: Config;
  readonly version: string;
  readonly log: Logger;
}

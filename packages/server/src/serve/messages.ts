import type { MetricObjectWithValues, MetricValue } from 'prom-client';
import type { Greeting } from './greeting.ts';

/** The numbers of one process. */
export type Numbers = MetricObjectWithValues<MetricValue<string>>[];

/** What the primary process tells a worker. */
export type ToWorker =
  /** First of all. `number`: from 1, that of the worker it replaces if there was one. */
  | { readonly kind: 'start'; readonly number: number }
  /** Nothing more is handed to it: it answers what it has, finishes its calls and ends. */
  | { readonly kind: 'stop' }
  | { readonly kind: 'count'; readonly id: number }
  /** The answer to `metrics`. */
  | { readonly kind: 'metrics'; readonly id: number; readonly text: string };

/** What a worker tells the primary process. */
export type ToPrimary =
  | ({ readonly kind: 'listening' } & Greeting)
  /** It cannot start: a sentence for people. */
  | { readonly kind: 'failed'; readonly message: string }
  /** Somebody asked it to stop by a signal, and it waits for the word. */
  | { readonly kind: 'leaving' }
  /** A newer version changed the store: no worker can go on, nor would another. */
  | { readonly kind: 'refused'; readonly message: string }
  /** It was asked for the numbers of the whole service. */
  | { readonly kind: 'metrics'; readonly id: number }
  /** The answer to `count`. */
  | { readonly kind: 'counted'; readonly id: number; readonly numbers: Numbers };

export function isToWorker(message: unknown): message is ToWorker {
  return isOurs(message);
}

export function isToPrimary(message: unknown): message is ToPrimary {
  return isOurs(message);
}

/** A debugger, or the cluster itself, may send messages of its own. */
function isOurs(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'kind' in message;
}

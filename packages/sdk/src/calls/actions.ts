import type { CallOptions, Send } from '../request.ts';

export interface Action {
  /** The number in the enum. */
  readonly value: number;
  /** Such as `BookingCreate`. */
  readonly name: string;
  /** What people read, such as "Booking Create". */
  readonly label: string;
  /** The type of the record that it carries. */
  readonly record: string;
}

export interface ActionWithSchema extends Action {
  /** JSON Schema (2020-12) of the record. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly sample: Readonly<Record<string, unknown>>;
}

/** The catalogue; needs no key. */
export function actionCalls(send: Send) {
  return {
    async list(options: CallOptions = {}): Promise<readonly Action[]> {
      return (await send<{ items: readonly Action[] }>('GET', '/v1/actions', options)).items;
    },
    /** By name or value. */
    get: (action: string | number, options?: CallOptions) =>
      send<ActionWithSchema>('GET', `/v1/actions/${encodeURIComponent(action)}`, options),
  };
}

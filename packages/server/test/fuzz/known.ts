/** The newest of each kind; so many that the rest is not missed. */
const MOST = 100;

/** What the answers so far told of: ids by the list that they belong to, cursors, `Bearer KEY`. */
export interface Known {
  /** Learns from the answer to a request to this path. */
  learn(path: string, answer: unknown): void;
  /** One of a kind, the `nth` modulo how many there are; undefined while there is none. */
  pick(kind: string, nth: number): string | undefined;
}

export function createKnown(): Known {
  const kinds = new Map<string, Set<string>>();
  return {
    learn: (path, answer) => learn(kindOf(path), answer),
    pick(kind, nth) {
      const all = [...(kinds.get(kind) ?? [])];
      return all[nth % all.length];
    },
  };

  function learn(kind: string, answer: unknown): void {
    if (Array.isArray(answer)) {
      for (const item of answer) learn(kind, item);
    } else if (typeof answer === 'object' && answer !== null) {
      for (const [name, value] of Object.entries(answer)) {
        if (name === 'id') add(kind, value);
        else if (name === 'cursor') add('cursor', value);
        else if (name === 'key') add('bearer', `Bearer ${String(value)}`);
        else if (name === 'delivery') add('deliveries', value);
        else learn(name === 'items' ? kind : name, value);
      }
    }
  }

  function add(kind: string, value: unknown): void {
    if (typeof value !== 'string' && typeof value !== 'number') return;
    const all = kinds.get(kind) ?? new Set<string>();
    kinds.set(kind, all.add(String(value)));
    if (all.size > MOST) all.delete(all.values().next().value!);
  }
}

/** `events` of `/v1/events/BookingCreate`, `keys` of `/v1/apps/1/keys`: what an id there is one of. */
export function kindOf(path: string): string {
  const [, first = '', , second] = path.replace(/^\/v1/, '').split(/[?#;]/)[0]!.split('/');
  return second ?? first;
}

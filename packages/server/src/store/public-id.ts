/**
 * What people see of a key: `evt_` (event) or `msg_` (delivery, and so `webhook-id`), the key in
 * base 36 and a tag drawn once per store. The tag keeps the ids of two installations apart at a
 * receiver that serves both. Contains neither `.` nor anything a caller chose (Standard Webhooks).
 */
export interface PublicIds {
  event(key: number): string;
  delivery(key: number): string;
  /** The key behind an id of this store; undefined for any other text. */
  eventKey(id: string): number | undefined;
  deliveryKey(id: string): number | undefined;
}

export function publicIds(tag: string): PublicIds {
  const read = (prefix: string, id: string): number | undefined => {
    const match = /^([a-z]{3})_([0-9a-z]{1,11})([0-9a-z]{5})$/.exec(id);
    if (!match || match[1] !== prefix || match[3] !== tag) return undefined;
    const key = Number.parseInt(match[2]!, 36);
    return Number.isSafeInteger(key) && key.toString(36) === match[2] ? key : undefined;
  };
  return {
    event: (key) => `evt_${key.toString(36)}${tag}`,
    delivery: (key) => `msg_${key.toString(36)}${tag}`,
    eventKey: (id) => read('evt', id),
    deliveryKey: (id) => read('msg', id),
  };
}

/** Length of the tag: 36^5, sixty million stores. */
export const TAG_LENGTH = 5;

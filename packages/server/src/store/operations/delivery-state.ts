/** What people see of a delivery. `held` is a due one whose webhook is off; `sending` a leased one. */
export const DELIVERY_STATES = [
  'due',
  'held',
  'sending',
  'delivered',
  'failed',
  'cancelled',
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

import * as v from 'valibot';
import { SPANS } from '../../queries/webhook-health.ts';

/** Deliveries by what is left to do: what is due of a webhook that is off is held. */
export const SHOWN = ['waiting', 'delivered', 'failed', 'cancelled'] as const;

/** What is shown of a webhook, as it stands in the address. */
export const webhookSearch = v.object({
  span: v.fallback(v.optional(v.picklist(SPANS)), undefined),
  show: v.fallback(v.optional(v.picklist(SHOWN)), undefined),
});

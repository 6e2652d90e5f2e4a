import type { Bounds } from '../store/bounds.ts';
import type { Resent } from '../store/operations/resend.ts';
import type { Who } from '../store/who.ts';
import type { ApiNeeds } from './context.ts';

/** Deliveries of one request: together they hold the writer of the embedded store for some ms. */
export const MAX_RESENT = 100;

/** Sends those of these deliveries again that are within bounds and free to be sent, and tells of it. */
export async function resendNow(
  { lanes, live, store }: Pick<ApiNeeds, 'lanes' | 'live' | 'store'>,
  asked: { readonly keys: readonly number[]; readonly bounds: Bounds; readonly by: Who },
): Promise<Resent[]> {
  const resent = await store.resendDeliveries(asked);
  live.tell({ deliveries: resent.map(({ delivery }) => delivery.key) });
  lanes.wake(resent.filter(({ isResent }) => isResent).map(({ delivery }) => delivery.webhook));
  return resent;
}

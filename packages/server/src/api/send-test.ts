import type { StoredWebhook } from '../store/operations/webhooks.ts';
import type { ApiNeeds } from './context.ts';
import { AppError } from './problem.ts';
import { requireAction } from './require-action.ts';

/**
 * Sends a sample record to one webhook through the real path, marked as a test: of the action with
 * this name, else of the webhook's first one. Returns the key of the event, which is on disk then.
 */
export async function sendTest(
  { accept, catalogue }: Pick<ApiNeeds, 'accept' | 'catalogue'>,
  webhook: StoredWebhook,
  name?: string,
): Promise<{ readonly eventKey: number }> {
  const [first = 'BookingCreate'] = webhook.actions === '*' ? [] : webhook.actions;
  const action = requireAction(catalogue, name ?? String(first));
  const accepted = await accept.accept({
    action: action.value,
    location: webhook.location,
    records: [Buffer.from(catalogue.sampleRecord(action))],
    idempotency: null,
    testOf: webhook.id,
  });
  if (accepted?.kind !== 'accepted')
    throw new AppError('overloaded', 'Nothing was sent. Try again.');
  const [eventKey] = accepted.events[0]!;
  return { eventKey };
}

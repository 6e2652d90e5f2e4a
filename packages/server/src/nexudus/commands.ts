import { AppError } from '../api/problem.ts';
import type { ApiNeeds } from '../api/context.ts';
import { MAX_RESENT, resendNow } from '../api/resend.ts';
import { sendTest } from '../api/send-test.ts';
import { mayDo, type Principal } from '../settings/principal.ts';
import type { StoredWebhook } from '../store/operations/webhooks.ts';
import type { Who } from '../store/who.ts';

export type CommandNeeds = Pick<
  ApiNeeds,
  'accept' | 'catalogue' | 'lanes' | 'live' | 'store' | 'webhooks'
>;

/** Something that is done with webhooks, one after the other. Throws what keeps it from being done. */
export type RunCommand = (
  needs: CommandNeeds,
  webhook: StoredWebhook,
  by: { readonly principal: Principal; readonly who: Who },
) => Promise<unknown>;

const COMMANDS: Readonly<Record<string, { name: string; run: RunCommand }>> = {
  WEBHOOK_ENABLE: {
    name: 'Switch on, and send what was held',
    run: ({ webhooks }, { id }, { principal, who }) =>
      webhooks.change({ id, bounds: principal }, { active: true }, who),
  },
  WEBHOOK_DISABLE: {
    name: 'Switch off, and hold what comes',
    run: ({ webhooks }, { id }, { principal, who }) =>
      webhooks.change({ id, bounds: principal }, { active: false }, who),
  },
  WEBHOOK_TEST: {
    name: 'Send a sample record',
    run: (needs, webhook) => sendTest(needs, webhook),
  },
  WEBHOOK_RESEND_FAILED: {
    name: `Send again what failed, the ${MAX_RESENT} newest`,
    run: resendFailed,
  },
};

/** What can be done with webhooks, in the form in which clients are told. */
export const COMMAND_RECORDS = Object.entries(COMMANDS).map(([Key, { name }], at) => ({
  Key,
  Name: name,
  AppliesOnlyToMultipleEntities: false,
  AppliesOnlyToOneEntity: false,
  AppliesOnlyToTwoEntities: false,
  NeedsEntitiesToRun: true,
  Order: at + 1,
  RequiresParameters: [],
}));

/** Undefined: there is no such command. */
export function findCommand(key: unknown): RunCommand | undefined {
  return typeof key === 'string' && Object.hasOwn(COMMANDS, key) ? COMMANDS[key]!.run : undefined;
}

/** Another run takes the next. */
async function resendFailed(
  needs: CommandNeeds,
  webhook: StoredWebhook,
  { principal, who }: { readonly principal: Principal; readonly who: Who },
): Promise<void> {
  if (!mayDo(principal, 'deliveries:resend'))
    throw new AppError('forbidden', 'This takes the scope deliveries:resend.');
  if (!webhook.active) throw new AppError('conflict', 'It is switched off: switch it on first.');
  const failed = await needs.store.listDeliveries({
    before: Number.MAX_SAFE_INTEGER,
    limit: MAX_RESENT,
    bounds: principal,
    webhook: webhook.id,
    state: 'failed',
  });
  const keys = failed.map(({ key }) => key);
  await resendNow(needs, { keys, bounds: principal, by: who });
}

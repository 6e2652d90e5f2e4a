import { notifications } from '@mantine/notifications';
import type { WebhookChange } from '@posthorn/sdk';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { posthorn } from '../../api/client.ts';
import { tellProblem } from '../../parts/tell-problem.ts';
import { texts } from '../../texts/texts.ts';

/** Switches a webhook on or off, and says so. */
export function useChange(id: number, onDone?: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: Pick<WebhookChange, 'active' | 'held'>) =>
      posthorn.webhooks.change(id, change),
    onSuccess({ active }) {
      const message = active ? texts.webhook.switchedOn : texts.webhook.switchedOff;
      notifications.show({ color: 'green', message });
      onDone?.();
    },
    onError: tellProblem,
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['webhooks'] }),
        queryClient.invalidateQueries({ queryKey: ['deliveries'] }),
      ]),
  });
}

import { Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { WebhookWithWaiting } from '@posthorn/sdk';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { posthorn } from '../../api/client.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { VisibleText } from '../../parts/visible-text/visible-text.tsx';
import { texts } from '../../texts/texts.ts';

const words = texts.webhook;

interface DeleteDialogProps {
  readonly webhook: WebhookWithWaiting;
  readonly onClose: () => void;
}

/** Asks once more, and says what is lost. */
export function DeleteDialog({ webhook: { id, name, waiting }, onClose }: DeleteDialogProps) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return (
    <ConfirmDialog
      title={words.deleteTitle}
      confirm={words.deleteSure}
      isDangerous
      onConfirm={() => posthorn.webhooks.delete(id)}
      onDone={async () => {
        await navigate({ to: '/webhooks' });
        notifications.show({ color: 'green', message: words.deleted });
        await queryClient.invalidateQueries({ queryKey: ['webhooks'] });
      }}
      onClose={onClose}
    >
      <VisibleText text={words.deleteLead(name)} />
      {waiting > 0 && <Text mt="sm">{words.deleteWaiting(waiting)}</Text>}
    </ConfirmDialog>
  );
}

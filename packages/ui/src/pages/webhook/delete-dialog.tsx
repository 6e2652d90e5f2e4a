import { Button, Modal, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { WebhookWithWaiting } from '@posthorn/sdk';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { posthorn } from '../../api/client.ts';
import { sentenceOf } from '../../api/problems.ts';
import { VisibleText } from '../../parts/visible-text/visible-text.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './webhook.module.css';

const words = texts.webhook;

interface DeleteDialogProps {
  readonly webhook: WebhookWithWaiting;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Asks once more, and says what is lost. */
export function DeleteDialog({ webhook, isOpen, onClose }: DeleteDialogProps) {
  const { id, name, waiting } = webhook;
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => posthorn.webhooks.delete(id),
    async onSuccess() {
      await navigate({ to: '/webhooks' });
      notifications.show({ color: 'green', message: words.deleted });
      await queryClient.invalidateQueries({ queryKey: ['webhooks'] });
    },
    onError: (error) => notifications.show({ color: 'red', message: sentenceOf(error) }),
  });
  return (
    <Modal opened={isOpen} onClose={onClose} title={words.deleteTitle} centered>
      <Text component="div">
        <VisibleText text={words.deleteLead(name)} />
      </Text>
      {waiting > 0 && <Text mt="sm">{words.deleteWaiting(waiting)}</Text>}
      <div className={styles.buttons}>
        <Button variant="subtle" data-autofocus onClick={onClose}>
          {words.cancel}
        </Button>
        <Button color="red.9" loading={remove.isPending} onClick={() => remove.mutate()}>
          {words.deleteSure}
        </Button>
      </div>
    </Modal>
  );
}

import { Button, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { WebhookWithWaiting } from '@posthorn/sdk';
import {
  IconDots,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconSend,
  IconTrash,
} from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { posthorn } from '../../api/client.ts';
import { LinkButton } from '../../parts/link-button.tsx';
import { useMay } from '../../queries/session.ts';
import { tellProblem } from '../../parts/tell-problem.ts';
import { texts } from '../../texts/texts.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { SwitchOnDialog } from './switch-on-dialog.tsx';
import { useChange } from './use-change.ts';
import styles from './webhook.module.css';

const words = texts.webhook;

/** What a person can do with a webhook. */
export function Actions({ webhook }: { readonly webhook: WebhookWithWaiting }) {
  const { id, active, waiting } = webhook;
  const mayChange = useMay('webhooks:write');
  const navigate = useNavigate();
  const [isAsking, asking] = useDisclosure();
  const [isDeleting, deleting] = useDisclosure();
  const change = useChange(id);
  const test = useMutation({
    mutationFn: () => posthorn.webhooks.test(id),
    onSuccess: ({ delivery }) => navigate({ to: '/deliveries/$delivery', params: { delivery } }),
    onError: tellProblem,
  });
  if (!mayChange) return null;

  return (
    <div className={styles.actions}>
      <Button
        variant="default"
        leftSection={<IconSend size={16} />}
        loading={test.isPending}
        onClick={() => test.mutate()}
      >
        {words.sendTest}
      </Button>
      <LinkButton
        to="/webhooks/$webhook/edit"
        params={{ webhook: String(id) }}
        variant="default"
        leftSection={<IconPencil size={16} />}
      >
        {words.edit}
      </LinkButton>
      {active ? (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={16} />}
          title={words.switchOffHint}
          loading={change.isPending}
          onClick={() => change.mutate({ active: false })}
        >
          {words.switchOff}
        </Button>
      ) : (
        <Button
          leftSection={<IconPlayerPlay size={16} />}
          loading={change.isPending}
          onClick={() => (waiting > 0 ? asking.open() : change.mutate({ active: true }))}
        >
          {words.switchOn}
        </Button>
      )}
      <Menu position="bottom-end" withinPortal={false}>
        <Menu.Target>
          <Button variant="default" px="xs" aria-label={words.more}>
            <IconDots size={18} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            color="var(--mantine-color-error)"
            leftSection={<IconTrash size={16} />}
            onClick={deleting.open}
          >
            {words.delete}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isAsking && <SwitchOnDialog webhook={webhook} onClose={asking.close} />}
      {isDeleting && <DeleteDialog webhook={webhook} onClose={deleting.close} />}
    </div>
  );
}

import { Button, Text } from '@mantine/core';
import type { WebhookWithWaiting } from '@posthorn/sdk';
import { Dialog } from '../../parts/dialog.tsx';
import { texts } from '../../texts/texts.ts';
import { useChange } from './use-change.ts';
import styles from './webhook.module.css';

const words = texts.webhook;

interface SwitchOnDialogProps {
  readonly webhook: WebhookWithWaiting;
  readonly onClose: () => void;
}

/** What becomes of what was held, before a webhook is switched on. */
export function SwitchOnDialog({ webhook: { id, waiting }, onClose }: SwitchOnDialogProps) {
  const change = useChange(id, onClose);
  return (
    <Dialog title={words.switchOnTitle} onClose={onClose}>
      <Text>{words.held(waiting)}</Text>
      <div className={styles.choices}>
        <div>
          <Button
            fullWidth
            data-autofocus
            loading={change.isPending && change.variables.held === 'send'}
            disabled={change.isPending}
            onClick={() => change.mutate({ active: true, held: 'send' })}
          >
            {words.sendHeld(waiting)}
          </Button>
          <p className={styles.hint}>{words.sendHeldHint}</p>
        </div>
        <div>
          <Button
            fullWidth
            variant="default"
            loading={change.isPending && change.variables.held === 'drop'}
            disabled={change.isPending}
            onClick={() => change.mutate({ active: true, held: 'drop' })}
          >
            {words.dropHeld}
          </Button>
          <p className={styles.hint}>{words.dropHeldHint}</p>
        </div>
        <Button variant="subtle" onClick={onClose}>
          {texts.dialogs.cancel}
        </Button>
      </div>
    </Dialog>
  );
}

import { Button, Group, Stack } from '@mantine/core';
import type { App, Key, NewKey } from '@posthorn/sdk';
import { posthorn } from '../../api/client.ts';
import { queryClient } from '../../api/query-client.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ToCopy } from '../../parts/to-copy.tsx';
import { texts } from '../../texts/texts.ts';
import { AppForm } from './app-form.tsx';
import { KeyForm } from './key-form.tsx';
import { RotateForm } from './rotate-form.tsx';

const words = texts.keys;

/** What somebody wants to do. `made` shows a key this once. */
export type Asked =
  | { readonly what: 'create-key'; readonly app?: number }
  | { readonly what: 'rotate-key' | 'revoke-key'; readonly key: Key }
  | { readonly what: 'made'; readonly made: NewKey }
  | { readonly what: 'create-app' | 'rotate-signing-key' }
  | { readonly what: 'delete-app'; readonly app: App };

/** Null: nothing any more. */
export type Ask = (asked: Asked | null) => void;

/** The dialog for what was chosen; what changed is read again. */
export function KeysDialog({ asked, onAsk }: { readonly asked: Asked; readonly onAsk: Ask }) {
  const close = () => onAsk(null);
  const show = (made: NewKey) => {
    void readAgain('keys');
    onAsk({ what: 'made', made });
  };

  switch (asked.what) {
    case 'create-key':
      return (
        <Dialog onClose={close} title={words.createTitle} size="lg">
          <KeyForm app={asked.app ?? null} onDone={show} />
        </Dialog>
      );
    case 'rotate-key':
      return (
        <Dialog onClose={close} title={words.rotateTitle(asked.key.name)} size="lg">
          <RotateForm id={asked.key.id} onDone={show} />
        </Dialog>
      );
    case 'revoke-key':
      return (
        <ConfirmDialog
          title={words.revokeTitle(asked.key.name)}
          confirm={words.revokeConfirm}
          isDangerous
          onConfirm={() => posthorn.keys.revoke(asked.key.id).then(() => readAgain('keys'))}
          onClose={close}
        >
          {words.revokeAsk}
        </ConfirmDialog>
      );
    case 'made':
      return (
        <Dialog onClose={close} title={words.madeTitle(asked.made.name)} size="lg">
          <Stack>
            <ToCopy label={words.key} text={asked.made.key} note={words.keyNote} />
            <Group justify="flex-end">
              <Button onClick={close}>{texts.dialogs.done}</Button>
            </Group>
          </Stack>
        </Dialog>
      );
    case 'create-app':
      return (
        <Dialog onClose={close} title={words.createAppTitle}>
          <AppForm onDone={() => readAgain('apps').then(close)} />
        </Dialog>
      );
    case 'delete-app':
      return (
        <ConfirmDialog
          title={words.deleteAppTitle(asked.app.name)}
          confirm={words.deleteAppConfirm}
          isDangerous
          onConfirm={async () => {
            await posthorn.apps.delete(asked.app.id);
            await Promise.all([readAgain('apps'), readAgain('keys'), readAgain('webhooks')]);
          }}
          onClose={close}
        >
          {words.deleteAppAsk}
        </ConfirmDialog>
      );
    case 'rotate-signing-key':
      return (
        <ConfirmDialog
          title={words.rotateSigningKeyTitle}
          confirm={words.rotateConfirm}
          onConfirm={() => posthorn.signingKey.rotate().then(() => readAgain('signing-key'))}
          onClose={close}
        >
          {words.rotateSigningKeyAsk}
        </ConfirmDialog>
      );
  }
}

function readAgain(what: 'apps' | 'keys' | 'signing-key' | 'webhooks'): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: [what] });
}

import type { SecretScope } from '@posthorn/sdk';
import { useQueryClient } from '@tanstack/react-query';
import { posthorn } from '../../../api/client.ts';
import { ConfirmDialog } from '../../../parts/confirm-dialog.tsx';
import { texts } from '../../../texts/texts.ts';
import { partsOf } from './rows.ts';
import { ScopeName } from './scope-name.tsx';

const words = texts.integrations;

interface DeleteSecretProps {
  readonly scope: SecretScope;
  readonly onClose: () => void;
}

/** Asks once more, and says what signs then. */
export function DeleteSecret({ scope, onClose }: DeleteSecretProps) {
  const queryClient = useQueryClient();
  return (
    <ConfirmDialog
      title={
        <>
          {words.deleteTitle} <ScopeName scope={scope} />
        </>
      }
      confirm={words.deleteSubmit}
      isDangerous
      onConfirm={async () => {
        await posthorn.secrets.delete(scope);
        await queryClient.invalidateQueries({ queryKey: ['secrets'] });
      }}
      onClose={onClose}
    >
      {words.deleted[partsOf(scope)[0]]}
    </ConfirmDialog>
  );
}

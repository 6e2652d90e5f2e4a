import { Button, Modal, Text } from '@mantine/core';
import type { SecretScope } from '@posthorn/sdk';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { posthorn } from '../../../api/client.ts';
import { sentenceOf } from '../../../api/problems.ts';
import { FormProblem } from '../../../parts/form-problem.tsx';
import { texts } from '../../../texts/texts.ts';
import { partsOf } from './rows.ts';
import { ScopeName } from './scope-name.tsx';
import styles from './shared-secrets.module.css';

const words = texts.integrations;

interface DeleteSecretProps {
  readonly scope: SecretScope;
  readonly onClose: () => void;
}

/** Asks once more, and says what signs then. */
export function DeleteSecret({ scope, onClose }: DeleteSecretProps) {
  const queryClient = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => posthorn.secrets.delete(scope),
    async onSuccess() {
      await queryClient.invalidateQueries({ queryKey: ['secrets'] });
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      centered
      title={
        <>
          {words.deleteTitle} <ScopeName scope={scope} />
        </>
      }
    >
      <div className={styles.fields}>
        <FormProblem problem={error === null ? undefined : sentenceOf(error)} />
        <Text>{words.deleted[partsOf(scope)[0]]}</Text>
        <div className={styles.end}>
          <Button variant="default" onClick={onClose} data-autofocus>
            {words.cancel}
          </Button>
          <Button color="red.9" loading={isPending} onClick={() => mutate()}>
            {words.deleteSubmit}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

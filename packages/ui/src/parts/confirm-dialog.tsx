import { Button, Group, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { sentenceOf } from '../api/problems.ts';
import { texts } from '../texts/texts.ts';
import { Dialog } from './dialog.tsx';
import { FormProblem } from './form-problem.tsx';

interface ConfirmDialogProps<Answer> {
  readonly title: ReactNode;
  /** What follows from it. */
  readonly children: ReactNode;
  /** What the button says: a verb. */
  readonly confirm: string;
  /** Of what cannot be taken back: the button that does not do it comes first. */
  readonly isDangerous?: boolean;
  readonly onConfirm: () => Promise<Answer>;
  /** Default: `onClose`. */
  readonly onDone?: (answer: Answer) => unknown;
  readonly onClose: () => void;
}

/** Asks before something is done; stays, and says why, if it could not be done. */
export function ConfirmDialog<Answer>(props: ConfirmDialogProps<Answer>) {
  const { title, children, confirm, isDangerous = false, onConfirm, onClose } = props;
  const { mutate, isPending, error } = useMutation({
    mutationFn: onConfirm,
    onSuccess: props.onDone ?? onClose,
  });
  return (
    <Dialog onClose={onClose} title={title}>
      <Stack>
        <FormProblem problem={error === null ? undefined : sentenceOf(error)} />
        <div>{children}</div>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus={isDangerous || undefined}>
            {texts.dialogs.cancel}
          </Button>
          <Button
            {...(isDangerous && { color: 'red.9' })}
            loading={isPending}
            onClick={() => mutate()}
            data-autofocus={!isDangerous || undefined}
          >
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

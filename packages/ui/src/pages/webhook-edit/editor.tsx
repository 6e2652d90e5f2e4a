import { Button } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Session, WebhookWithWaiting } from '@posthorn/sdk';
import { useBlocker } from '@tanstack/react-router';
import { type ReactNode, useRef, useState } from 'react';
import { FormProblem } from '../../parts/form-problem.tsx';
import { useSendForm } from '../../parts/use-send-form.ts';
import { texts } from '../../texts/texts.ts';
import { checks, type Fields, placeOf } from './fields.ts';
import { Preview } from './preview.tsx';
import { RecipeSection } from './recipe.tsx';
import styles from './webhook-edit.module.css';
import { WebhookFields } from './webhook-fields.tsx';

const words = texts.webhookEdit;

/** What a person asked for by the button they pressed. */
export type Then = 'stay' | 'test';

interface EditorProps {
  readonly session: Session;
  /** As it is stored; null: there is none yet. */
  readonly webhook: WebhookWithWaiting | null;
  readonly initial: Fields;
  /** Stores what was typed, and goes on from there. */
  readonly save: (fields: Fields, then: Then) => Promise<unknown>;
  /** What stands first beside the form. */
  readonly aside?: ReactNode;
}

/** A webhook being made or changed; beside it, what that means for its receiver. */
export function Editor({ session, webhook, initial, save, aside }: EditorProps) {
  const form = useForm<Fields>({ initialValues: initial, validate: checks });
  const [pressed, setPressed] = useState<Then>('stay');
  const then = useRef<Then>('stay');
  const { onSubmit, isSending, problem } = useSendForm({
    form,
    send: (fields) => save(fields, then.current),
    onDone() {
      form.setInitialValues(form.getValues());
      form.resetDirty();
    },
  });
  const press = (button: Then) => {
    then.current = button;
    setPressed(button);
    onSubmit();
  };
  const isDirty = form.isDirty();
  useBlocker({
    shouldBlockFn: ({ current, next }) =>
      isDirty &&
      !isSending &&
      current.pathname !== next.pathname &&
      !globalThis.confirm(words.leave),
    enableBeforeUnload: isDirty,
  });
  const { actions, isEvery, url } = form.values;
  const place = placeOf(form.values);

  return (
    <div className={styles.columns}>
      <form
        className={styles.column}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          press('stay');
        }}
      >
        <WebhookFields form={form} session={session} webhook={webhook} />
        <FormProblem problem={problem} />
        <div className={styles.buttons}>
          <Button type="submit" loading={isSending && pressed === 'stay'} disabled={isSending}>
            {webhook === null ? words.create : words.save}
          </Button>
          <Button
            variant="default"
            loading={isSending && pressed === 'test'}
            disabled={isSending}
            onClick={() => press('test')}
          >
            {testButton(webhook === null, isDirty)}
          </Button>
        </div>
      </form>
      <div className={styles.column}>
        {aside}
        <Preview
          actions={isEvery ? ['*'] : actions}
          url={url}
          location={place}
          webhook={webhook?.id}
        />
        <RecipeSection location={place} />
      </div>
    </div>
  );
}

function testButton(isNew: boolean, isDirty: boolean): string {
  if (isNew) return words.createAndTest;
  return isDirty ? words.saveAndTest : words.sendTest;
}

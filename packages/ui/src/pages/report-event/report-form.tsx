import { Button } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import type { ActionWithSchema } from '@posthorn/sdk';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useId, useMemo, useRef, useState } from 'react';
import { posthorn } from '../../api/client.ts';
import { FormProblem } from '../../parts/form-problem.tsx';
import { LocationSelect } from '../../parts/location-select.tsx';
import { useSendForm } from '../../parts/use-send-form.ts';
import { texts } from '../../texts/texts.ts';
import { checkRecord, isRefused, lineAt } from './check-record.ts';
import { Findings } from './findings.tsx';
import { RecordEditor } from './record-editor.tsx';
import styles from './report-event.module.css';

const words = texts.reportEvent;

interface ReportFormProps {
  readonly action: ActionWithSchema;
  /** What was typed so far, by the name of the action. */
  readonly drafts: Map<string, string>;
}

/** Where it took place, and the record. */
export function ReportForm({ action, drafts }: ReportFormProps) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const sample = useMemo(() => JSON.stringify(action.sample, null, 2), [action]);
  const form = useForm({
    // As the API names them, so that what it refuses appears at its field.
    initialValues: { body: drafts.get(action.name) ?? sample, location: null as number | null },
  });
  const { body, location } = form.values;
  const keyFor = useReportKey();
  const { onSubmit, isSending, problem } = useSendForm({
    form,
    send: (values) =>
      posthorn.events.report(action.name, values.body, {
        ...(values.location !== null && { location: values.location }),
        idempotencyKey: keyFor(JSON.stringify(values)),
      }),
    async onDone({ id, deliveries }) {
      drafts.delete(action.name);
      notifications.show({ message: words.reported(deliveries) });
      await queryClient.invalidateQueries({ queryKey: ['events', 'list'] });
      await navigate({ to: '/events/$event', params: { event: id } });
    },
  });

  const text = useRef<HTMLTextAreaElement>(null);
  const checked = useDeferredValue(body);
  const findings = useMemo(() => checkRecord(checked, action.schema), [checked, action]);
  const marked = useMemo(
    () => new Set(findings.map(({ at }) => lineAt(checked, at))),
    [findings, checked],
  );
  const isBroken = findings.some(isRefused);
  const findingsId = useId();
  const set = (typed: string) => {
    form.setFieldValue('body', typed);
    drafts.set(action.name, typed);
  };

  return (
    <form className={styles.form} onSubmit={onSubmit}>
      <div className={styles.location}>
        <LocationSelect
          label={words.location}
          description={words.locationHint}
          value={location}
          onChange={(chosen) => form.setFieldValue('location', chosen)}
          error={form.errors['location']}
        />
      </div>
      <div className={styles.workbench}>
        <RecordEditor
          label={words.record(action.record)}
          value={body}
          onChange={set}
          marked={marked}
          isBroken={isBroken}
          error={form.errors['body']}
          textRef={text}
          describedBy={findingsId}
        />
        <Findings
          id={findingsId}
          text={checked}
          findings={findings}
          onGo={(at) => goTo(text.current, at)}
        />
      </div>
      <div>
        <FormProblem problem={problem} />
        <div className={styles.buttons}>
          <Button type="submit" loading={isSending} disabled={isBroken}>
            {words.submit}
          </Button>
          {body !== sample && (
            <Button variant="subtle" onClick={() => set(sample)}>
              {words.reset}
            </Button>
          )}
        </div>
      </div>
    </form>
  );
}

/** Puts the caret there, which scrolls to it. */
function goTo(text: HTMLTextAreaElement | null, at: number): void {
  if (text === null) return;
  const lineHeight = text.scrollHeight / text.value.split('\n').length;
  text.focus();
  text.setSelectionRange(at, at);
  text.scrollTop = Math.max(0, (lineAt(text.value, at) - 5) * lineHeight);
}

/** The same key for the same report: pressed again after a lost answer, it is not reported twice. */
function useReportKey(): (report: string) => string {
  const [last] = useState({ report: '', key: '' });
  return (report) => {
    if (last.report !== report) {
      const bytes = crypto.getRandomValues(new Uint8Array(16));
      const key = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
      Object.assign(last, { report, key });
    }
    return last.key;
  };
}

import { IconCheck, IconCircle, IconLoader2, IconX } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { texts } from '../../texts/texts.ts';
import styles from './first-run.module.css';
import { type Step, STEPS } from './use-first-webhook.ts';

const words = texts.firstRun;

type Progress = 'done' | 'running' | 'waiting' | 'failed';

const ICONS: Readonly<Record<Progress, ComponentType<{ size: number; 'aria-hidden': 'true' }>>> = {
  done: IconCheck,
  running: IconLoader2,
  waiting: IconCircle,
  failed: IconX,
};

interface StepsProps {
  readonly at: Step;
  readonly isFailed: boolean;
  readonly isDone: boolean;
}

/** What was done, what is being done, and what comes. */
export function Steps({ at, isFailed, isDone }: StepsProps) {
  const current = isDone ? STEPS.length : STEPS.indexOf(at);
  return (
    <ol className={styles.steps}>
      {STEPS.map((step, index) => {
        const progress = progressOf(index - current, isFailed);
        const Icon = ICONS[progress];
        return (
          <li key={step} className={styles.step} data-progress={progress}>
            <Icon size={18} aria-hidden="true" />
            {words.steps[step]}
            <span className="unseen">, {words[progress]}</span>
          </li>
        );
      })}
    </ol>
  );
}

/** `ahead`: how many steps it is from the current one. */
function progressOf(ahead: number, isFailed: boolean): Progress {
  if (ahead < 0) return 'done';
  if (ahead > 0) return 'waiting';
  return isFailed ? 'failed' : 'running';
}

import type { Attempt } from '@posthorn/sdk';
import { millisecondsInWords } from '../../texts/durations.ts';
import { texts } from '../../texts/texts.ts';
import { timingBarsOf } from './timing-bars.ts';
import styles from './waterfall.module.css';

const words = texts.delivery;

/** What a call spent its time with, drawn to scale. */
export function Waterfall({ attempt }: { readonly attempt: Attempt }) {
  const { totalMs, connectMs } = attempt.timings;
  const share = (ms: number) => `${totalMs === 0 ? 0 : (ms / totalMs) * 100}%`;
  return (
    <>
      <dl className={styles.waterfall}>
        {timingBarsOf(attempt).map(({ step, fromMs, toMs }) => (
          <div key={step} className={styles.step}>
            <dt>{words.bars[step]}</dt>
            <dd>
              <span className={styles.track} aria-hidden="true">
                <span
                  className={styles.bar}
                  data-step={step}
                  style={{ left: share(fromMs), width: share(toMs - fromMs) }}
                />
              </span>
              <span className={styles.time}>{millisecondsInWords(toMs - fromMs)}</span>
            </dd>
          </div>
        ))}
      </dl>
      {connectMs === null && attempt.response !== null && (
        <p className={styles.note}>{words.keptOpen}</p>
      )}
    </>
  );
}

import type { WithDay } from '@posthorn/sdk';
import { texts } from '../../texts/texts.ts';
import styles from './day-sparkline.module.css';

/** In units of the drawing, which is stretched over the cell. */
const BAR = 4;
const GAP = 1;
const HEIGHT = 24;
/** Below it a single failed call among thousands would not be seen. */
const MIN_BAR = 2;

/** The calls of the last day, an hour a bar, failed ones at its foot. */
export function DaySparkline({ day: { calls, failedCalls } }: Pick<WithDay, 'day'>) {
  const most = Math.max(1, ...calls);
  const heightOf = (number: number) =>
    number === 0 ? 0 : Math.max(MIN_BAR, (number / most) * HEIGHT);
  return (
    <svg
      className={styles.sparkline}
      viewBox={`0 0 ${calls.length * (BAR + GAP) - GAP} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={texts.webhooks.day(sum(calls), sum(failedCalls))}
    >
      <title>{texts.webhooks.day(sum(calls), sum(failedCalls))}</title>
      {calls.map((number, hour) => {
        const failed = heightOf(failedCalls[hour] ?? 0);
        const whole = Math.max(heightOf(number), failed);
        const x = hour * (BAR + GAP);
        return (
          // oxlint-disable-next-line no-array-index-key -- a bar is its hour
          <g key={hour}>
            <Bar className={styles.none} x={x} y={HEIGHT - 1} height={1} />
            <Bar className={styles.well} x={x} y={HEIGHT - whole} height={whole - failed} />
            <Bar className={styles.failed} x={x} y={HEIGHT - failed} height={failed} />
          </g>
        );
      })}
    </svg>
  );
}

interface BarProps {
  readonly className: string | undefined;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

function Bar({ height, ...rest }: BarProps) {
  return height <= 0 ? null : <rect {...rest} width={BAR} height={height} />;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

import { Time } from '../../parts/time.tsx';
import { duration } from '../../texts/figures.ts';
import { texts } from '../../texts/texts.ts';
import type { ChartStep } from './chart-steps.ts';
import styles from './health.module.css';

const { series, ...words } = texts.webhook;

/** The numbers behind the charts, of the times in which something was called. */
export function HealthTable({ steps }: { readonly steps: readonly ChartStep[] }) {
  return (
    <details className={styles.table}>
      <summary>{words.asTable}</summary>
      <div tabIndex={0} role="group" aria-label={words.health}>
        <table aria-label={words.health}>
          <thead>
            <tr>
              <th scope="col">{words.time}</th>
              <th scope="col">{series.delivered}</th>
              <th scope="col">{series.retried}</th>
              <th scope="col">{series.failed}</th>
              <th scope="col">{series.p50}</th>
              <th scope="col">{series.p95}</th>
            </tr>
          </thead>
          <tbody>
            {steps
              .filter(({ calls }) => calls > 0)
              .map(({ at, delivered, retried, failed, p50Ms, p95Ms }) => (
                <tr key={at}>
                  <th scope="row">
                    <Time at={at} />
                  </th>
                  <td>{delivered}</td>
                  <td>{retried}</td>
                  <td>{failed}</td>
                  <td>{duration(p50Ms)}</td>
                  <td>{duration(p95Ms)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

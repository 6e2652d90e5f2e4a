import '@mantine/charts/styles.layer.css';
import { BarChart, LineChart } from '@mantine/charts';
import type { WebhookHealth } from '@posthorn/sdk';
import type { ReactNode } from 'react';
import { texts } from '../../texts/texts.ts';
import { chartStepsOf } from './chart-steps.ts';
import { HealthTable } from './health-table.tsx';
import styles from './health.module.css';

const { series, ...words } = texts.webhook;

const OUTCOMES = [
  { name: 'delivered', label: series.delivered, color: 'var(--state-good)' },
  { name: 'retried', label: series.retried, color: 'var(--state-warn)' },
  { name: 'failed', label: series.failed, color: 'var(--state-bad)' },
];

const LATENCIES = [
  { name: 'p50Ms', label: series.p50, color: 'var(--mantine-color-anchor)' },
  { name: 'p95Ms', label: series.p95, color: 'var(--state-calm)' },
];

const HEIGHT = 220;

/** Movement would only say that the same numbers were read again; the keyboard has the table. */
const STILL = { isAnimationActive: false } as const;
const IN_ORDER = { itemSorter: null } as const;
const UNFOCUSED = { accessibilityLayer: false } as const;

/** The health of a webhook drawn, and the same as a table. */
export function HealthCharts({ steps, stepMs }: Pick<WebhookHealth, 'steps' | 'stepMs'>) {
  const data = chartStepsOf(steps, stepMs);
  return (
    <>
      <div className={styles.charts}>
        <Chart title={words.outcomes}>
          <BarChart
            h={HEIGHT}
            data={data}
            dataKey="label"
            type="stacked"
            series={OUTCOMES}
            withLegend
            legendProps={IN_ORDER}
            tickLine="none"
            barProps={STILL}
            barChartProps={UNFOCUSED}
            yAxisProps={{ allowDecimals: false, width: 'auto' }}
          />
        </Chart>
        <Chart title={words.latency}>
          {data.every(({ p50Ms }) => p50Ms === null) ? (
            <p className={styles.none}>{words.noLatency}</p>
          ) : (
            <LineChart
              h={HEIGHT}
              data={data}
              dataKey="label"
              series={LATENCIES}
              withLegend
              legendProps={IN_ORDER}
              tickLine="none"
              curveType="linear"
              lineProps={STILL}
              lineChartProps={UNFOCUSED}
              yAxisProps={{ width: 'auto' }}
            />
          )}
        </Chart>
      </div>
      <HealthTable steps={data} />
    </>
  );
}

/** What is drawn is the table's for those who hear the page. */
function Chart({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <figure className={styles.chart}>
      <figcaption>{title}</figcaption>
      <div aria-hidden="true">{children}</div>
    </figure>
  );
}

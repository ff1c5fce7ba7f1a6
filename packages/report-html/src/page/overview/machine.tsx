import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { ReportIndex } from '../../data/report-data.js';
import type { Chart } from '../chart/attempt-charts.js';
import { Plot } from '../chart/plot.js';
import { duration, figure, percent } from '../format.js';
import { Text } from '../parts/text.js';
import type { Theme } from '../theme.js';

/** The machine while the run went on: its speed, who else used it, when timing meant little. */
export function Machine({ index, theme }: { readonly index: ReportIndex; readonly theme: Theme }): VNode | null {
  const { machine, run, tests } = index;
  const { host, overloads, calibration } = machine;
  const chart = useMemo(() => cpuChart(index), [index]);
  if (host === undefined && calibration === undefined && overloads.length === 0) return null;
  const busy = tests.filter(({ overloaded }) => overloaded === true).length;
  const endS = (run.durationMs ?? (host?.timeMs.at(-1) ?? run.startMs) - run.startMs) / 1000;
  return (
    <section aria-labelledby="machine">
      <h2 id="machine">Machine</h2>
      {calibration !== undefined && (
        <p>
          {percent(calibration.speed)} of the speed of our reference machine
          {calibration.deadlineFactor > 1
            ? `; deadlines were stretched ${figure(calibration.deadlineFactor)} times`
            : ''}
          .
        </p>
      )}
      {overloads.length > 0 && (
        <p class="warning">
          Other programs kept the machine too busy for timing to be reliable
          {busy > 0 ? ` during ${busy} of ${tests.length} tests` : ', though during no test'}:{' '}
          <Text>{overloads[0]!.reason}</Text>
        </p>
      )}
      {chart !== undefined && (
        <Plot
          title="CPUs in use"
          unit="CPUs"
          x={chart.x}
          series={chart.series}
          range={[0, Math.max(endS, 0.001)]}
          bands={overloads.map(({ startMs, endMs, reason }) => ({
            from: (startMs - run.startMs) / 1000,
            to: endMs === undefined ? endS : (endMs - run.startMs) / 1000,
            name: reason,
            kind: 'overload',
          }))}
          theme={theme}
        />
      )}
      {host !== undefined && (
        <p class="dim small">
          {host.timeMs.length} readings over {duration(host.timeMs.at(-1)! - host.timeMs[0]!)}
        </p>
      )}
    </section>
  );
}

function cpuChart({ machine: { host }, run }: ReportIndex): Pick<Chart, 'x' | 'series'> | undefined {
  if (host === undefined || host.timeMs.length < 2) return undefined;
  const others = host.othersCpus;
  return {
    x: host.timeMs.map((timeMs) => (timeMs - run.startMs) / 1000),
    series: [
      { name: 'CPUs in use', colour: '--c1', values: host.cpus },
      ...(others === undefined ? [] : [{ name: 'by other programs', colour: '--c4', values: others }]),
    ],
  };
}

import type { RunRecord } from '@chaos/record';
import type { MachineHealth } from '../data/report-data.js';
import type { SampleSeries } from './sample-series.js';

const HOST_POINTS = 600;

/** The machine during the run, for the overview. */
export function machineHealth(
  { end }: RunRecord,
  samples: SampleSeries,
  overloads: MachineHealth['overloads'],
): MachineHealth {
  const host = samples.host(HOST_POINTS);
  return { overloads, ...(host && { host }), ...(end?.calibration && { calibration: end.calibration }) };
}

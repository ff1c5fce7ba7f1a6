import type { AttemptDetail, SampleColumns } from '../../data/report-data.js';
import type { Bar, Lane } from './lanes.js';
import type { Band, Line } from './plot.js';

/** A chart of an attempt. */
export interface Chart {
  readonly title: string;
  readonly unit: string;
  readonly x: readonly number[];
  readonly series: readonly Line[];
  readonly logarithmic?: boolean;
}

const COLOURS = ['--c1', '--c2', '--c3', '--c4', '--c5', '--c6'];
const BINS = 240;
const FAILED = ['wrong', 'rejected', 'unavailable', 'timeout', 'unknown'] as const;

/** Seconds of the axis at a time of the wall clock. */
export function secondsOf({ startMs }: AttemptDetail, atMs: number): number {
  return (atMs - startMs) / 1000;
}

/** Phases, steps and faults. */
export function lanesOf(attempt: AttemptDetail): readonly Lane[] {
  const { startMs, durationMs, phases, steps, faults, loads } = attempt;
  // The slot is prepared before the test's clock starts; everything else follows one after the other.
  let atMs = -(phases.find(({ name }) => name === 'slot')?.durationMs ?? 0);
  const phaseBars = phases.map(({ name, durationMs: length }): Bar => {
    const bar = { name, from: atMs / 1000, to: (atMs + length) / 1000, kind: 'phase' };
    atMs += length;
    return bar;
  });
  const at = (ms: number): number => (ms - startMs) / 1000;
  const faultBars = faults.map(({ name, startMs: from, endMs = startMs + durationMs, met, proof }): Bar => ({
    name,
    from: at(from),
    to: at(endMs),
    kind: 'fault',
    ...(met !== undefined && {
      note: `met ${Object.entries(met)
        .map(([what, count]) => `${count} ${what}`)
        .join(', ')}`,
    }),
    ...(met === undefined && proof !== undefined && { note: proof }),
  }));
  const flat = (list: AttemptDetail['steps']): AttemptDetail['steps'] =>
    list.flatMap((step) => [step, ...flat(step.steps)]);
  const stepBars = flat(steps).map(({ title, startMs: from, durationMs: length, error }): Bar => ({
    name: title,
    from: at(from),
    to: at(from + length),
    kind: error === undefined ? 'step' : 'step failed',
  }));
  const loadBars = loads.map(({ startMs: from, durationMs: length, operations, concurrency }): Bar => ({
    name: `${operations} operations`,
    from: at(from),
    to: at(from + length),
    kind: 'load',
    note: `${concurrency} at a time`,
  }));
  return [
    { name: 'phases', bars: phaseBars },
    { name: 'steps', bars: stepBars },
    { name: 'faults', bars: faultBars },
    { name: 'load', bars: loadBars },
  ].filter(({ bars }) => bars.length > 0);
}

/** Faults, as bands behind the charts. */
export function faultBands({ startMs, durationMs, faults }: AttemptDetail): readonly Band[] {
  return faults.map(({ name, startMs: from, endMs = startMs + durationMs }) => ({
    name,
    kind: 'fault',
    from: (from - startMs) / 1000,
    to: (endMs - startMs) / 1000,
  }));
}

/** Charts of the load and of the samples. */
export function chartsOf(attempt: AttemptDetail): readonly Chart[] {
  return [...loadCharts(attempt), ...sampleCharts(attempt)];
}

type Timeline = AttemptDetail['loads'][number]['timeline'];

function loadCharts(attempt: AttemptDetail): readonly Chart[] {
  const loads = attempt.loads.filter(({ timeline }) => timeline.ok.length > 0);
  if (loads.length === 0) return [];
  const grid = gridOf(loads);
  const x = grid.times.map((ms) => secondsOf(attempt, ms));
  const throughput = {
    name: 'ok',
    colour: '--ok',
    fill: true,
    values: grid.over(
      rateOf(({ ok }) => ok),
      sum,
    ),
  };
  const errors = errorLines(loads, grid);
  const hasErrors = errors.some(({ values }) => values.some((value) => value !== null && value > 0));
  const latency = (['p50', 'p95', 'p99'] as const).map((name, number) => ({
    name,
    colour: COLOURS[number]!,
    values: grid.over((timeline, index) => timeline.latency?.[name][index] ?? undefined, most),
  }));
  const known = latency.flatMap(({ values }) => values.filter((value) => value !== null && value > 0)) as number[];
  const logarithmic = known.length > 0 && most(known) / known.reduce((one, other) => Math.min(one, other)) > 30;
  return [
    { title: 'Throughput', unit: 'operations/s', x, series: [throughput] },
    ...(hasErrors ? [{ title: 'Errors by class', unit: 'operations/s', x, series: errors }] : []),
    ...(known.length > 0 ? [{ title: 'Latency', unit: 'ms', x, series: latency, logarithmic }] : []),
  ];
}

interface Grid {
  readonly times: readonly number[];
  /** Loads that overlap add up, or the worst of them counts: `join` decides. */
  over(
    pick: (timeline: Timeline, index: number) => number | undefined,
    join: (values: readonly number[]) => number,
  ): (number | null)[];
}

function gridOf(loads: AttemptDetail['loads']): Grid {
  const from = Math.min(...loads.map(({ startMs }) => startMs));
  const to = Math.max(...loads.map(({ startMs, timeline }) => startMs + timeline.intervalMs * timeline.ok.length));
  const stepMs = Math.max((to - from) / BINS, Math.min(...loads.map(({ timeline }) => timeline.intervalMs)));
  const times = Array.from({ length: Math.ceil((to - from) / stepMs) }, (_, index) => from + (index + 0.5) * stepMs);
  return {
    times,
    over: (pick, join) =>
      times.map((ms) => {
        const values = loads.flatMap(({ startMs, timeline }) => {
          const index = Math.floor((ms - startMs) / timeline.intervalMs);
          const value = index < 0 || index >= timeline.ok.length ? undefined : pick(timeline, index);
          return value === undefined ? [] : [value];
        });
        return values.length === 0 ? null : join(values);
      }),
  };
}

function errorLines(loads: AttemptDetail['loads'], { over }: Grid): readonly Line[] {
  const kinds = FAILED.filter((kind) => loads.some(({ timeline }) => timeline.failedBy?.[kind] !== undefined));
  // Reports of earlier versions know only that they failed.
  if (kinds.length === 0)
    return [
      {
        name: 'failed',
        colour: '--bad',
        values: over(
          rateOf(({ failed }) => failed),
          sum,
        ),
      },
    ];
  return kinds.map((kind, number) => ({
    name: kind,
    colour: COLOURS[(number + 3) % COLOURS.length]!,
    values: over(
      rateOf(({ failedBy }) => failedBy?.[kind]),
      sum,
    ),
  }));
}

function rateOf(counts: (timeline: Timeline) => readonly number[] | undefined) {
  return (timeline: Timeline, index: number): number => ((counts(timeline)?.[index] ?? 0) * 1000) / timeline.intervalMs;
}

function sum(values: readonly number[]): number {
  return values.reduce((one, other) => one + other);
}

function most(values: readonly number[]): number {
  return values.reduce((one, other) => Math.max(one, other));
}

function sampleCharts(attempt: AttemptDetail): readonly Chart[] {
  const series = attempt.series.filter(({ timeMs }) => timeMs.length > 1);
  const hosted = series.filter(({ scope }) => scope !== 'host');
  const chart = (
    title: string,
    unit: string,
    from: readonly SampleColumns[],
    pick: (columns: SampleColumns) => readonly (number | null)[] | undefined,
  ): readonly Chart[] => {
    const told = from
      .filter((columns) => pick(columns)?.some((value) => value !== null) === true)
      .slice(0, COLOURS.length);
    if (told.length === 0) return [];
    const times = [...new Set(told.flatMap(({ timeMs }) => timeMs))].sort((one, other) => one - other);
    return [
      {
        title,
        unit,
        x: times.map((ms) => secondsOf(attempt, ms)),
        series: told.map((columns, number) => ({
          name: columns.scope,
          colour: COLOURS[number]!,
          values: onto(times, columns.timeMs, pick(columns)!),
        })),
      },
    ];
  };
  return [
    ...chart('CPU', 'CPUs', series, ({ cpus }) => cpus),
    ...chart('Memory', 'MiB', hosted, ({ memoryMib }) => memoryMib),
    ...chart('Event loop delay', 'ms, p99', hosted, ({ loopDelayMs }) => loopDelayMs),
    ...chart('Connections', 'sockets', hosted, ({ sockets }) => sockets),
  ];
}

// A scope that was not read at a time keeps its last value for a moment: scopes are not read at the very same time.
function onto(times: readonly number[], own: readonly number[], values: readonly (number | null)[]): (number | null)[] {
  let index = -1;
  return times.map((ms) => {
    while (index + 1 < own.length && own[index + 1]! <= ms) index += 1;
    return index < 0 || ms - own[index]! > 2000 ? null : (values[index] ?? null);
  });
}

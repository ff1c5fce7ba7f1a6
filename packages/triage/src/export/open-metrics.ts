import type { RunData, TestData } from '../runs/run-data.js';

type Labels = Readonly<Record<string, string>>;

/**
 * The history in the text format of OpenMetrics 1.0: verdicts of all runs as counters, durations and recoveries of the
 * latest run as gauges. It ends with `# EOF`.
 */
export function toOpenMetrics(runs: readonly RunData[]): string {
  const latest = runs.at(-1);
  return [
    ...family('chaos_runs', 'counter', 'Runs by status.', counted(runs.map(runLabels))),
    ...family(
      'chaos_tests',
      'counter',
      'Tests by verdict.',
      counted(runs.flatMap((run) => run.tests.map((test) => verdictLabels(run, test)))),
    ),
    ...family(
      'chaos_run_start_seconds',
      'gauge',
      'Start of the latest run, Unix time.',
      ofLatest(latest, ({ startMs }) => startMs / 1000),
    ),
    ...family(
      'chaos_run_duration_seconds',
      'gauge',
      'Duration of the latest run.',
      ofLatest(latest, ({ durationMs }) => durationMs / 1000),
    ),
    ...family(
      'chaos_test_duration_seconds',
      'gauge',
      'Duration of each test in the latest run.',
      ofTests(latest, durationOf),
    ),
    ...family(
      'chaos_test_recovery_seconds',
      'gauge',
      'Slowest recovery of each test in the latest run.',
      ofTests(latest, recoveryOf),
    ),
    '# EOF',
    '',
  ].join('\n');
}

function family(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  points: readonly (readonly [Labels, number])[],
): readonly string[] {
  return [
    `# TYPE ${name} ${type}`,
    ...(name.endsWith('_seconds') ? [`# UNIT ${name} seconds`] : []),
    `# HELP ${name} ${help}`,
    ...points.map(([labels, value]) => `${name}${type === 'counter' ? '_total' : ''}${labelText(labels)} ${value}`),
  ];
}

function labelText(labels: Labels): string {
  const inner = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return inner.length === 0 ? '' : `{${inner.join(',')}}`;
}

function escaped(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', String.raw`\"`)
    .replaceAll(/\r?\n/g, String.raw`\n`);
}

function counted(all: readonly Labels[]): readonly (readonly [Labels, number])[] {
  const counts = new Map<string, [Labels, number]>();
  for (const labels of all) {
    const key = JSON.stringify(labels);
    const entry = counts.get(key) ?? [labels, 0];
    counts.set(key, [labels, entry[1] + 1]);
  }
  return [...counts.values()];
}

function runLabels({ status, config }: RunData): Labels {
  return { status: status ?? 'cut off', environment: config.environment };
}

function verdictLabels({ config }: RunData, { test, verdict }: TestData): Labels {
  return {
    test: test.id,
    title: test.chaosId ?? test.title,
    category: test.category,
    verdict,
    environment: config.environment,
  };
}

function ofLatest(run: RunData | undefined, value: (run: RunData) => number): readonly (readonly [Labels, number])[] {
  return run === undefined ? [] : [[{ run: run.runId, environment: run.config.environment }, value(run)]];
}

function ofTests(
  run: RunData | undefined,
  value: (test: TestData) => number | undefined,
): readonly (readonly [Labels, number])[] {
  return (run?.tests ?? []).flatMap((test): readonly (readonly [Labels, number])[] => {
    const ms = value(test);
    const labels = { test: test.test.id, title: test.test.chaosId ?? test.test.title, category: test.test.category };
    return ms === undefined ? [] : [[labels, ms / 1000]];
  });
}

function durationOf({ attempts }: TestData): number | undefined {
  return attempts.at(-1)?.durationMs;
}

function recoveryOf({ attempts }: TestData): number | undefined {
  const times = attempts.at(-1)?.recoveries.map(({ recoveryMs }) => recoveryMs) ?? [];
  return times.length === 0 ? undefined : Math.max(...times);
}

import type { Attempt } from '@chaos/spec';
import type { RunData, TestData } from '../runs/run-data.js';

/** Something that is compared between runs. */
export interface Measure {
  readonly name: string;
  /** Value of one test in one run; `undefined` where there is none. */
  readonly of: (test: TestData) => number | undefined;
}

/** Measures that are compared as ratios: of tests that passed at once, for only these did the same work. */
export const MEASURES: readonly Measure[] = [
  { name: 'duration', of: (test) => passedAtOnce(test)?.durationMs },
  { name: 'recovery', of: (test) => slowestRecovery(passedAtOnce(test)) },
  { name: 'CPU time of the target', of: (test) => targetCpuMs(passedAtOnce(test)) },
  { name: 'memory of the target', of: (test) => ofTarget(passedAtOnce(test), 'memoryBytes', 'max') },
];

/**
 * For each run the mean logarithm of its values, each relative to the mean of its test over all runs: tests that are
 * missing in some runs do not move it. A run with no value is left out.
 */
export function runLevels(runs: readonly RunData[], all: readonly RunData[], { of }: Measure): readonly number[] {
  const means = meansByTest(all, of);
  return runs.flatMap((run) => {
    const distances = run.tests.flatMap((test) => {
      const value = of(test);
      const mean = means.get(test.test.id);
      return value === undefined || value <= 0 || mean === undefined ? [] : [Math.log(value) - mean];
    });
    return distances.length === 0 ? [] : [distances.reduce((sum, each) => sum + each, 0) / distances.length];
  });
}

function meansByTest(runs: readonly RunData[], of: Measure['of']): ReadonlyMap<string, number> {
  const sums = new Map<string, { sum: number; count: number }>();
  for (const run of runs)
    for (const test of run.tests) {
      const value = of(test);
      if (value === undefined || value <= 0) continue;
      const entry = sums.get(test.test.id) ?? { sum: 0, count: 0 };
      sums.set(test.test.id, { sum: entry.sum + Math.log(value), count: entry.count + 1 });
    }
  return new Map([...sums].map(([id, { sum, count }]) => [id, sum / count]));
}

/** The only attempt of a test that passed with it. */
export function passedAtOnce({ attempts, verdict }: TestData): Attempt | undefined {
  return verdict === 'passed' && attempts.length === 1 ? attempts[0] : undefined;
}

function slowestRecovery(attempt: Attempt | undefined): number | undefined {
  const times = attempt?.recoveries.map(({ recoveryMs }) => recoveryMs) ?? [];
  return times.length === 0 ? undefined : Math.max(...times);
}

function targetCpuMs(attempt: Attempt | undefined): number | undefined {
  const cpus = ofTarget(attempt, 'cpus', 'mean');
  return cpus === undefined ? undefined : cpus * attempt!.durationMs;
}

function ofTarget(attempt: Attempt | undefined, figure: string, kind: 'mean' | 'max'): number | undefined {
  const values = Object.entries(attempt?.samples?.scopes ?? {}).flatMap(([scope, figures]) =>
    scope.startsWith('target-') ? (figures[figure]?.[kind] ?? []) : [],
  );
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}

import type { RunEvent } from '@chaos/spec';
import { carried } from '../data/plain.js';
import type { RunOptions, Until } from '../run-options.js';
import type { Plan } from './loading/load-plan.js';

/** The event that begins a run. */
export function startOf(
  { argv, version, variant, until, config, faults }: RunOptions,
  plan: Plan,
  runId: string,
  startMs: number,
): Extract<RunEvent, { type: 'run-start' }> {
  return {
    type: 'run-start',
    runId,
    startMs,
    version,
    argv,
    config: carried(config),
    tests: plan.tests,
    ...(variant !== undefined && { variant }),
    ...(!faults && { withoutFaults: true }),
    ...(until && { until: untilText(until) }),
    ...expectedOf(plan),
    ...(plan.shardBasis !== undefined && { shardBasis: plan.shardBasis }),
  };
}

// Results of the tests that ran before.
function expectedOf({ tests, timingFile }: Plan): { readonly expectedMs?: Readonly<Record<string, number>> } {
  const known = tests.flatMap(({ id }) => {
    const past = timingFile.timings.tests[id];
    return past ? [[id, past.durationMs] as const] : [];
  });
  return known.length > 0 ? { expectedMs: Object.fromEntries(known) } : {};
}

// As on the command line.
function untilText(until: Until): string {
  return until.kind === 'runs' ? String(until.runs) : until.kind === 'duration' ? `${until.durationMs}ms` : until.kind;
}

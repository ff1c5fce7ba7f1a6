import { randomBytes } from 'node:crypto';
import { earlyRunId } from '../../processes/early-worker.js';
import { WorkerPool } from '../../processes/workers/worker-pool.js';
import type { RunOptions, TestList } from '../../run-options.js';
import { checkVariant } from '../check-variant.js';
import { loadPlan } from './load-plan.js';

/** The tests that a run with these options would run, and the errors of test files that would keep it from running. */
export async function listTests(options: RunOptions): Promise<TestList> {
  checkVariant(options);
  const ignore = (): void => {};
  const { config, variant, argv, version } = options;
  const events = {
    testBegin: ignore,
    testEnd: ignore,
    testSkip: ignore,
    testMissing: ignore,
    progress: ignore,
    output: ignore,
    error: ignore,
    eventLoop: ignore,
    slotCall: () => Promise.resolve(null),
    goesOn: () => true,
  };
  const runId = earlyRunId() ?? randomBytes(5).toString('hex');
  const workers = new WorkerPool(
    { runId, config, variant, faults: false, everyStep: false, argv, version },
    events,
    ignore,
  );
  try {
    const { tests, errors } = await loadPlan(options, workers);
    return { tests, errors };
  } finally {
    await workers.stop();
  }
}

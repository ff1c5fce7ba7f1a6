import type { Attempt, SerializedError } from '@chaos/spec';
import type { LoadedTest, TestOrder } from '../../ipc/messages.js';
import { stepLog } from '../../info/step-log.js';
import { reported } from './reported.js';
import type { Running } from './running.js';

const PASSED_WRONGLY: SerializedError = {
  message: 'Expected to fail, but passed.',
  hint: 'If what it showed is mended, take test.fail() away; else it no longer shows it.',
};

/** An attempt as plain data, whatever the test has written into its info. */
export function attemptOf(
  run: Running,
  { testId, retry }: TestOrder,
  times: Pick<Attempt, 'startMs' | 'durationMs'>,
): { readonly attempt: Attempt; readonly expectedStatus: LoadedTest['expectedStatus'] } {
  const { session, info, clock, injector, verdict } = run;
  reported(info).problems.forEach((problem) => verdict.take(problem));
  const { expectedStatus, ...written } = reported(info);
  const { errors, annotations, attachments, recoveries } = written;
  const status = verdict.statusOf(written.status);
  const passedWrongly = status === 'passed' && expectedStatus === 'failed';
  const { workerIndex, parallelIndex, config } = session.init;
  return {
    expectedStatus,
    attempt: {
      testId,
      retry,
      status,
      ...times,
      workerIndex,
      parallelIndex,
      seed: config.runner.seed,
      errors: passedWrongly ? [...errors, PASSED_WRONGLY] : errors,
      steps: stepLog(info).told,
      attachments,
      annotations,
      stdout: [],
      stderr: [],
      phases: clock.phases,
      faults: injector.windows,
      recoveries,
      loads: run.loads,
      experiments: run.experiments,
      ...(verdict.inconclusive !== undefined && { inconclusive: verdict.inconclusive }),
    },
  };
}

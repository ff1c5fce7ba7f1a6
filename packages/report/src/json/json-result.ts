import type { Annotation, Attempt, SerializedError, StepResult, TestCase } from '@chaos/spec';
import { formatError, namedMessage, ownStack } from '../format-error.js';
import type { JsonError, JsonResult, JsonStep } from './json-types.js';

/** Playwright's `TestError`; fields that Playwright lacks are under `chaos`. */
export function jsonError(error: SerializedError): JsonError {
  const { value, location, snippet, cause, code, hint, invariant } = error;
  const chaos =
    code === undefined && hint === undefined && invariant === undefined ? undefined : { code, hint, invariant };
  return {
    message: namedMessage(error),
    stack: ownStack(error),
    value,
    location,
    snippet,
    cause: cause === undefined ? undefined : jsonError(cause),
    chaos,
  };
}

function jsonSteps(steps: readonly StepResult[]): readonly JsonStep[] | undefined {
  const own = steps.filter(({ category }) => category === 'test.step');
  if (own.length === 0) return undefined;
  return own.map(({ title, durationMs, location, params, error, steps: nested }) => ({
    title,
    duration: durationMs,
    location,
    params,
    error: error === undefined ? undefined : jsonError(error),
    steps: jsonSteps(nested),
  }));
}

/** Playwright's result of one attempt; fields that Playwright lacks are under `chaos`. */
export function jsonResult(attempt: Attempt, test: TestCase): JsonResult {
  const [first] = attempt.errors;
  const text = (chunks: readonly string[]): JsonResult['stdout'] => chunks.map((chunk) => ({ text: chunk }));
  return {
    workerIndex: attempt.workerIndex,
    parallelIndex: attempt.parallelIndex,
    shardIndex: attempt.shardIndex,
    status: attempt.status,
    duration: attempt.durationMs,
    error: first === undefined ? undefined : jsonError(first),
    errors: attempt.errors.map((error) => ({ location: error.location, message: formatError(error) })),
    stdout: text(attempt.stdout),
    stderr: text(attempt.stderr),
    retry: attempt.retry,
    steps: jsonSteps(attempt.steps),
    startTime: new Date(attempt.startMs).toISOString(),
    annotations: attempt.annotations,
    attachments: attempt.attachments,
    errorLocation: first?.location,
    chaos: {
      category: test.category,
      seed: attempt.seed,
      phases: attempt.phases,
      faults: attempt.faults,
      samples: attempt.samples,
      machine: attempt.machine,
      failureClass: attempt.failureClass,
      recoveries: attempt.recoveries,
      loads: attempt.loads,
      experiments: attempt.experiments ?? [],
      inconclusive: attempt.inconclusive,
      quarantined: attempt.quarantined && {
        status: attempt.quarantined.status,
        errors: attempt.quarantined.errors.map(jsonError),
      },
    },
  };
}

/** A test skipped before a worker ran it: Playwright gives it one result without a worker. */
export function jsonSkippedResult(annotations: readonly Annotation[], startMs: number): JsonResult {
  return {
    workerIndex: -1,
    parallelIndex: -1,
    status: 'skipped',
    duration: 0,
    errors: [],
    stdout: [],
    stderr: [],
    retry: 0,
    startTime: new Date(startMs).toISOString(),
    annotations,
    attachments: [],
  };
}

import type { Attempt, RunEvent, SampleSummary, SerializedError, StepResult } from '@chaos/spec';

const MOST_ERRORS = 3;
const MOST_MESSAGE = 2000;
const MOST_STACK_LINES = 8;

/**
 * An event as the history keeps it; `undefined` for one that it does not keep. What a decision needs stays: phases,
 * faults, recoveries, load outcomes, the summary of the samples. Output, attachments, steps that passed and single
 * samples go: they are most of a report.
 */
export function recordLine(event: RunEvent): RunEvent | undefined {
  if (event.type === 'run-start') {
    const { expectedMs: _durations, tests: _tests, ...rest } = event;
    return { ...rest, tests: [] };
  }
  if (event.type === 'test-end') return { ...event, attempt: slim(event.attempt) };
  if (event.type === 'run-error') return { ...event, error: slimError(event.error) };
  return event.type === 'test-skip' || event.type === 'run-end' ? event : undefined;
}

function slim(attempt: Attempt): Attempt {
  const { samples, quarantined, ...rest } = attempt;
  return {
    ...rest,
    errors: attempt.errors.slice(0, MOST_ERRORS).map(slimError),
    steps: attempt.steps.flatMap(failedSteps),
    attachments: [],
    stdout: [],
    stderr: [],
    loads: attempt.loads.map((load) => ({
      ...load,
      timeline: { intervalMs: load.timeline.intervalMs, ok: [], failed: [] },
    })),
    ...(samples && { samples: slimSamples(samples) }),
    ...(quarantined && {
      quarantined: { ...quarantined, errors: quarantined.errors.slice(0, MOST_ERRORS).map(slimError) },
    }),
  };
}

function failedSteps(step: StepResult): StepResult[] {
  if (step.error === undefined) return [];
  return [{ ...step, error: slimError(step.error), steps: step.steps.flatMap(failedSteps) }];
}

function slimError({ snippet: _snippet, message, stack, cause, ...rest }: SerializedError): SerializedError {
  return {
    ...rest,
    ...(message !== undefined && { message: message.slice(0, MOST_MESSAGE) }),
    ...(stack !== undefined && { stack: stack.split('\n', MOST_STACK_LINES).join('\n').slice(0, MOST_MESSAGE) }),
    ...(cause && { cause: slimError(cause) }),
  };
}

function slimSamples({ scopes, ...rest }: SampleSummary): SampleSummary {
  const rounded = Object.entries(scopes).map(([scope, figures]) => [
    scope,
    Object.fromEntries(
      Object.entries(figures).map(([name, { mean, max }]) => [name, { mean: shortened(mean), max: shortened(max) }]),
    ),
  ]);
  return { ...rest, scopes: Object.fromEntries(rounded) as SampleSummary['scopes'] };
}

// Four significant digits: no reading is better than that.
function shortened(value: number): number {
  return Number(value.toPrecision(4));
}

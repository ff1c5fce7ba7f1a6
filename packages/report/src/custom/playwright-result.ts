import type { Annotation, Attempt, AttemptStatus, Location, SerializedError, StepResult } from '@chaos/spec';
import { formatError, namedMessage, ownStack } from '../format-error.js';

/** Playwright's `TestError`. */
export interface PlaywrightError {
  message?: string;
  stack?: string;
  value?: string;
  location?: Location;
  snippet?: string;
  cause?: PlaywrightError;
}

/** Playwright's `TestStep`. */
export interface PlaywrightStep {
  readonly title: string;
  readonly category: string;
  readonly startTime: Date;
  /** -1 while it runs. */
  duration: number;
  readonly parent: PlaywrightStep | undefined;
  readonly steps: PlaywrightStep[];
  readonly annotations: Annotation[];
  readonly attachments: PlaywrightResult['attachments'];
  error?: PlaywrightError;
  readonly location?: Location;
  readonly params?: StepResult['params'];
  titlePath(): string[];
}

/** Playwright's `TestResult`. */
export interface PlaywrightResult {
  retry: number;
  parallelIndex: number;
  workerIndex: number;
  shardIndex?: number;
  duration: number;
  startTime: Date;
  status: AttemptStatus;
  error?: PlaywrightError;
  errors: PlaywrightError[];
  attachments: { name: string; contentType: string; path?: string; body?: Buffer }[];
  annotations: Annotation[];
  stdout: (string | Buffer)[];
  stderr: (string | Buffer)[];
  steps: PlaywrightStep[];
}

/** Result of an attempt that has just begun. */
export function emptyResult(event: {
  readonly retry: number;
  readonly workerIndex: number;
  readonly parallelIndex: number;
  readonly timeMs: number;
}): PlaywrightResult {
  const { retry, workerIndex, parallelIndex, timeMs } = event;
  return {
    retry,
    workerIndex,
    parallelIndex,
    duration: 0,
    startTime: new Date(timeMs),
    status: 'skipped',
    errors: [],
    attachments: [],
    annotations: [],
    stdout: [],
    stderr: [],
    steps: [],
  };
}

/** An error as Playwright's reporters get it: `message` and `stack` are ready to print. */
export function playwrightError(error: SerializedError): PlaywrightError {
  const { value, location, snippet, cause } = error;
  const [message, stack] = [namedMessage(error), ownStack(error)];
  return {
    ...(message !== undefined && { message }),
    ...(stack !== undefined && { stack }),
    ...(message === undefined && { value: value ?? formatError(error) }),
    ...(location !== undefined && { location }),
    ...(snippet !== undefined && { snippet }),
    ...(cause !== undefined && { cause: playwrightError(cause) }),
  };
}

/** Fills in the result of an attempt that has ended. Steps that were told while they ran stay the same objects. */
export function completeResult(result: PlaywrightResult, attempt: Attempt): void {
  const errors = attempt.errors.map(playwrightError);
  result.workerIndex = attempt.workerIndex;
  result.parallelIndex = attempt.parallelIndex;
  result.startTime = new Date(attempt.startMs);
  result.duration = attempt.durationMs;
  result.status = attempt.status;
  result.errors = errors;
  if (errors[0] !== undefined) result.error = errors[0];
  result.attachments = attempt.attachments.map(({ name, contentType, path, body }) => ({
    name,
    contentType,
    ...(path !== undefined && { path }),
    ...(body !== undefined && { body: Buffer.from(body, 'base64') }),
  }));
  result.annotations = [
    ...attempt.annotations,
    ...(attempt.inconclusive === undefined ? [] : [{ type: 'inconclusive', description: attempt.inconclusive }]),
  ];
  result.stdout = [...attempt.stdout];
  result.stderr = [...attempt.stderr];
  if (result.steps.length === 0) result.steps = attempt.steps.map((step) => playwrightSteps(step, undefined));
  attachToSteps(result, attempt.steps);
}

// Attachments come with the end of the attempt. Told live or not, its steps are the same ones in the same order.
function attachToSteps({ attachments, steps }: PlaywrightResult, told: readonly StepResult[]): void {
  const attach = (made: readonly PlaywrightStep[], results: readonly StepResult[]): void =>
    results.forEach((step, index) => {
      const shown = made[index];
      if (shown === undefined) return;
      shown.attachments.push(...(step.attachments ?? []).flatMap((each) => attachments[each] ?? []));
      attach(shown.steps, step.steps);
    });
  attach(steps, told);
}

function playwrightSteps(step: StepResult, parent: PlaywrightStep | undefined): PlaywrightStep {
  const made = playwrightStep(step, parent);
  made.steps.push(...step.steps.map((inner) => playwrightSteps(inner, made)));
  return made;
}

/** A step without the steps within it. */
export function playwrightStep(
  { title, category, startMs, durationMs, location, params, error, annotations = [] }: Omit<StepResult, 'steps'>,
  parent: PlaywrightStep | undefined,
): PlaywrightStep {
  return {
    title,
    category,
    parent,
    startTime: new Date(startMs),
    duration: durationMs,
    steps: [],
    annotations: [...annotations],
    attachments: [],
    ...(location && { location }),
    ...(params && { params }),
    ...(error !== undefined && { error: playwrightError(error) }),
    titlePath: () => [...(parent?.titlePath() ?? []), title],
  };
}

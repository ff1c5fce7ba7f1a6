import { checkRunnable, type Json, type Location } from '@chaos/spec';
import { callerLocation, captureCall, locationOf } from '../data/call-location.js';
import { frameOf } from '../data/frame-of.js';
import { firstOf } from '../data/real-promises.js';
import { startTimer, stopTimer } from '../real-time.js';
import { serializeError } from '../data/serialize-error.js';
import { cut, printed } from '../data/plain.js';
import { attach } from './attach.js';
import { currentTest } from './current-test.js';
import { started } from './started.js';
import { isA } from '../data/is-a.js';
import { annotateStep, stepLog, type RunningStep, type StepHead } from './step-log.js';
import type { TestInfo } from './test-info.js';

/** Argument of a step's body; Playwright's names. */
export interface TestStepInfo {
  /** Titles from the test's file down to the step. */
  readonly titlePath: readonly string[];
  /** Adds a file or a body to the report. */
  readonly attach: TestInfo['attach'];
  /** Ends the step if the condition holds; the test continues. */
  skip(condition?: boolean, description?: string): void;
}

/** Options of `test.step`. */
export interface StepOptions {
  /** Milliseconds. */
  readonly timeout?: number;
  /** Reports a failure inside the step at the call of the step. */
  readonly box?: boolean;
  /** Reported position, instead of that of its call. */
  readonly location?: Location;
  /** Parameters to show in the report. */
  readonly params?: Readonly<Record<string, Json>>;
}

class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

// Thrown by `step.skip()`; never leaves its step.
class SkipStep extends Error {}

/** `test.step`: a named part of a test, nested by the async context. A skipped step has no value. */
export function runStep<T>(
  title: string,
  body: (step: TestStepInfo) => T | Promise<T>,
  options: StepOptions = {},
): Promise<T> {
  const info = currentTest('test.step()');
  const { timeout, box = false, location } = options;
  checkRunnable(`Cannot run the step ${printed(title)}`, body);
  const callers = location
    ? { stack: `at\n${frameOf(location)}` }
    : box || timeout !== undefined
      ? callersOf(runStep)
      : undefined;
  const call = location ? undefined : captureCall(runStep, STEP_FRAMES);
  const run = async (): Promise<T> => {
    const step = stepLog(info).begin(headOf(title, options, () => locationOf(call!)));
    const inside = stepInfo(info, step);
    return inStep(step, () => body(inside), { timeoutMs: timeout, callers, box });
  };
  return started(`test.step(${printed(title)})`, run, { quiet: true });
}

/** `test.step.skip`: a step whose body does not run. */
export async function skipStep(title: string, _body: unknown, options: StepOptions = {}): Promise<void> {
  const log = stepLog(currentTest('test.step.skip()'));
  const head = headOf(title, options, callerLocation);
  const step = log.begin(head);
  annotateStep(step, { type: 'skip', ...(head.location && { location: head.location }) });
  log.end(step);
}

// Enough to leave our own code: the wrappers around `test.step`.
const STEP_FRAMES = 12;

function headOf(title: string, { location, params }: StepOptions, callOf: () => Location): StepHead {
  const name = checkTitle(title);
  const place = location ? checkLocation(location, name) : callOf();
  return {
    title: name,
    category: 'test.step',
    ...(place.file !== '' && { location: place }),
    ...(params && { params: checkParams(params, name) }),
  };
}

async function inStep<T>(
  step: RunningStep,
  body: () => T | Promise<T>,
  {
    timeoutMs,
    callers,
    box,
  }: {
    readonly timeoutMs: number | undefined;
    readonly callers: { readonly stack?: string } | undefined;
    readonly box: boolean;
  },
): Promise<T> {
  const { log } = step;
  let timer: NodeJS.Timeout | undefined;
  try {
    const running = log.within(step, async () => body());
    if (timeoutMs === undefined) return await running;
    const timeout = new Promise<never>((_, reject) => {
      timer = startTimer(
        () => reject(pointingTo(new TimeoutError(`Step timeout of ${timeoutMs}ms exceeded.`), callers)),
        timeoutMs,
      );
    });
    return await firstOf([running, timeout]);
  } catch (thrown) {
    if (isA(thrown, SkipStep)) return undefined as T;
    const error = box ? pointingTo(thrown, callers) : thrown;
    step.result.error = serializeError(error);
    throw error;
  } finally {
    stopTimer(timer);
    log.end(step);
  }
}

function stepInfo(info: TestInfo, step: RunningStep): TestStepInfo {
  return {
    get titlePath() {
      const titles: string[] = [];
      for (let each: RunningStep | undefined = step; each; each = each.parent) titles.unshift(each.result.title);
      return [...info.titlePath, ...titles];
    },
    attach: (name, options) => attach(info, name, options ?? {}, step),
    skip: (condition = true, description) => {
      if (!condition) return;
      annotateStep(step, {
        type: 'skip',
        ...(description !== undefined && { description }),
        location: callerLocation(),
      });
      throw new SkipStep();
    },
  };
}

// Convert to text: a report can show nothing else.
function checkTitle(title: unknown): string {
  if (typeof title === 'string') return cut(title);
  if (typeof title === 'number' || typeof title === 'boolean') return String(title);
  throw new TypeError(`Cannot run a step: its title is ${printed(title)}, and must be a text`);
}

function checkLocation({ file, line, column }: Location, title: string): Location {
  if (typeof file === 'string' && typeof line === 'number' && typeof column === 'number') return { file, line, column };
  throw new TypeError(
    `Cannot use the location of the step "${title}": it is ${printed({ file, line, column })}, ` +
      'and must have a file, a line and a column',
  );
}

// Must be serializable for reports.
function checkParams(params: Readonly<Record<string, Json>>, title: string): Readonly<Record<string, Json>> {
  try {
    return JSON.parse(JSON.stringify(params)) as Readonly<Record<string, Json>>;
  } catch (cause) {
    throw new TypeError(`Cannot use the params of the step "${title}": ${(cause as Error).message}`, { cause });
  }
}

// Formatted only for failures.
function callersOf(below: (...args: never[]) => unknown): { readonly stack?: string } {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, below);
  return holder;
}

// Values that are no Error, or are frozen, stay unchanged.
function pointingTo(error: unknown, callers: { readonly stack?: string } | undefined): unknown {
  try {
    if (error instanceof Error)
      error.stack = `${error.name}: ${error.message}\n${(callers?.stack ?? '').replace(/^.*\n/, '')}`;
  } catch {
    return error;
  }
  return error;
}

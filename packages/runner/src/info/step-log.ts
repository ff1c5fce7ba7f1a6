import { AsyncLocalStorage } from 'node:async_hooks';
import type { Annotation, RunEvent, StepResult } from '@chaos/spec';
import { isA } from '../data/is-a.js';
import { monotonicMs, wallMs } from '../real-time.js';
import { serializeError } from '../data/serialize-error.js';
import { SkipTest } from './outcome-errors.js';

type MutableStep = { -readonly [K in keyof StepResult]: K extends 'steps' ? MutableStep[] : StepResult[K] };

type StepEvent = Extract<RunEvent, { readonly type: 'step-start' | 'step-end' }>;

/** A step event without the attempt that it belongs to. */
export type StepChange =
  | Omit<Extract<StepEvent, { readonly type: 'step-start' }>, 'testId' | 'retry' | 'origin'>
  | Omit<Extract<StepEvent, { readonly type: 'step-end' }>, 'testId' | 'retry' | 'origin'>;

/** An attempt, with the list that its steps go to. */
export interface Stepped {
  readonly steps: readonly StepResult[];
}

/** What a report says of a step before it begins. */
export type StepHead = Pick<StepResult, 'title' | 'category' | 'location' | 'params'>;

/** A step that has begun. */
export interface RunningStep {
  readonly result: MutableStep;
  readonly log: StepLog;
  readonly parent: RunningStep | undefined;
  /** In its events; 0 where it has none. */
  readonly number: number;
  /** Reports show neither it nor the steps within it. */
  readonly isHidden: boolean;
  /** True for hooks and fixtures, and for all within them. */
  readonly isOfStage: boolean;
  readonly startedMs: number;
}

const active = new AsyncLocalStorage<RunningStep>();

/** The kinds of steps that a test writes itself; the others are told only where a reporter asks for them. */
const OWN = 'test.step';

/**
 * The steps of one attempt. Hooks and fixtures are stages: what runs during a stage and is in no other step belongs to
 * it, also after `use()`, where the asynchronous context is still that of the set-up.
 */
export class StepLog {
  readonly #roots: MutableStep[];
  readonly #stages: RunningStep[] = [];
  readonly #tell: (change: StepChange) => void;
  #count = 0;

  /** True if a reporter asks for the steps of hooks, fixtures, matchers and attachments, too. */
  readonly every: boolean;

  constructor(info: Stepped, every: boolean, tell: (change: StepChange) => void) {
    this.#roots = info.steps as MutableStep[];
    this.every = every;
    this.#tell = tell;
  }

  /** The steps for reports: without `every` only those that the test's body has written itself. */
  get told(): readonly StepResult[] {
    return this.every ? this.#roots : this.#roots.filter(({ category }) => category === OWN);
  }

  /** The step that code belongs to which runs now. */
  get current(): RunningStep | undefined {
    const step = active.getStore();
    return step?.log === this ? step : this.#stages.at(-1);
  }

  /** Runs a stage; `box` hides it and all within it. */
  async inStage<T>(head: StepHead, box: boolean, body: () => Promise<T>): Promise<T> {
    const parent = this.#stages.at(-1);
    const step = this.every ? this.#begin(head, parent, { box, stage: true }) : this.#unseen(head, parent);
    this.#stages.push(step);
    try {
      return await body();
    } catch (error) {
      // A test that skips itself has not failed.
      if (this.every && !isA(error, SkipTest)) step.result.error ??= serializeError(error);
      throw error;
    } finally {
      this.#stages.splice(this.#stages.indexOf(step), 1);
      if (this.every) this.end(step);
    }
  }

  /** Begins a step; `end` ends it. */
  begin(head: StepHead): RunningStep {
    return this.#begin(head, this.current, {});
  }

  /** Runs code whose steps are within this one. */
  within<T>(step: RunningStep, body: () => T): T {
    return active.run(step, body);
  }

  /** Ends a step; its error, where it has one, is in its result. */
  end(step: RunningStep): void {
    step.result.durationMs = monotonicMs() - step.startedMs;
    const { durationMs, error: failure, annotations, attachments } = step.result;
    if (step.number === 0) return;
    this.#tell({
      type: 'step-end',
      step: step.number,
      durationMs,
      ...(failure && { error: failure }),
      ...(annotations && { annotations }),
      ...(attachments && { attachments }),
      timeMs: wallMs(),
    });
  }

  // A stage that no report shows, nor what is within it. A test has five: this takes a tenth of the time of `#begin`.
  #unseen({ title, category }: StepHead, parent: RunningStep | undefined): RunningStep {
    const result: MutableStep = { title, category, startMs: 0, durationMs: -1, steps: [] };
    return { result, log: this, parent, number: 0, isHidden: true, isOfStage: true, startedMs: 0 };
  }

  #begin(head: StepHead, parent: RunningStep | undefined, how: { box?: boolean; stage?: boolean }): RunningStep {
    const isHidden = how.box === true || parent?.isHidden === true;
    const isOfStage = how.stage === true || parent?.isOfStage === true;
    const result: MutableStep = { ...head, startMs: wallMs(), durationMs: -1, steps: [] };
    if (!isHidden) (parent?.result.steps ?? this.#roots).push(result);
    const isTold = !isHidden && (this.every || (head.category === OWN && !isOfStage));
    const number = isTold ? (this.#count += 1) : 0;
    if (isTold)
      this.#tell({
        type: 'step-start',
        step: number,
        ...(parent && parent.number > 0 && { parent: parent.number }),
        ...head,
        timeMs: result.startMs,
      });
    return { result, log: this, parent, number, isHidden, isOfStage, startedMs: monotonicMs() };
  }
}

const logs = new WeakMap<Stepped, StepLog>();

/** Keeps the steps of an attempt and calls `tell` at the start and the end of each that is told. */
export function followSteps(info: Stepped, every: boolean, tell: (change: StepChange) => void): void {
  logs.set(info, new StepLog(info, every, tell));
}

/** The steps of an attempt; a log that tells nobody where none is kept. */
export function stepLog(info: Stepped): StepLog {
  let log = logs.get(info);
  if (log === undefined) logs.set(info, (log = new StepLog(info, false, () => {})));
  return log;
}

/** Marks the steps around a soft failure as failed, up to the outermost. */
export function failStepsAround(info: Stepped, error: unknown): void {
  let step = stepLog(info).current;
  if (step === undefined) return;
  const failure = serializeError(error);
  for (; step !== undefined; step = step.parent) step.result.error ??= failure;
}

/** Adds a note to a step. */
export function annotateStep({ result }: RunningStep, annotation: Annotation): void {
  result.annotations = [...(result.annotations ?? []), annotation];
}

/** Says that the attachment at this index of the attempt belongs to a step. */
export function attachToStep({ result }: RunningStep, index: number): void {
  result.attachments = [...(result.attachments ?? []), index];
}

import type { RunEvent } from '@chaos/spec';
import { playwrightError, playwrightStep, type PlaywrightResult, type PlaywrightStep } from './playwright-result.js';

type StepStart = Extract<RunEvent, { readonly type: 'step-start' }>;
type StepEnd = Extract<RunEvent, { readonly type: 'step-end' }>;

/** The steps of running attempts, by attempt and number. */
export class LiveSteps {
  readonly #running = new Map<PlaywrightResult, Map<number, PlaywrightStep>>();

  /** Adds a step to the result, or to the step around it. */
  begin(result: PlaywrightResult, { step, parent, timeMs, ...rest }: StepStart): PlaywrightStep {
    const steps = this.#running.get(result) ?? new Map<number, PlaywrightStep>();
    this.#running.set(result, steps);
    const around = parent === undefined ? undefined : steps.get(parent);
    const made = playwrightStep({ ...rest, startMs: timeMs, durationMs: -1 }, around);
    (around?.steps ?? result.steps).push(made);
    steps.set(step, made);
    return made;
  }

  /** Completes a step; `undefined` if its start was never told. */
  end(result: PlaywrightResult, { step, durationMs, error, annotations = [] }: StepEnd): PlaywrightStep | undefined {
    const ended = this.#running.get(result)?.get(step);
    if (ended === undefined) return undefined;
    ended.duration = durationMs;
    ended.annotations.push(...annotations);
    if (error !== undefined) ended.error = playwrightError(error);
    return ended;
  }

  /** Forgets an attempt that has ended; returns the steps that still ran, the innermost first. */
  finish(result: PlaywrightResult): readonly PlaywrightStep[] {
    const steps = [...(this.#running.get(result)?.values() ?? [])];
    this.#running.delete(result);
    return steps.filter(({ duration }) => duration === -1).toReversed();
  }
}

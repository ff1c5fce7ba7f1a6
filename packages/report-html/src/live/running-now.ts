import type { FaultWindow, RunEvent } from '@chaos/spec';
import type { RunningTest } from '../data/live-data.js';
import type { AttemptDetail, LogLine } from '../data/report-data.js';
import type { SampleSeries } from '../collect/sample-series.js';

const MOST_LINES = 2_000;

interface Step {
  readonly number: number;
  readonly title: string;
  readonly startMs: number;
  durationMs: number | undefined;
}

interface Running {
  readonly start: Extract<RunEvent, { readonly type: 'test-start' }>;
  readonly faults: { name: string; startMs: number; endMs?: number }[];
  readonly steps: Step[];
  readonly log: LogLine[];
}

/** Tests that run now, as their events tell. */
export class RunningNow {
  readonly #running = new Map<string, Running>();
  readonly #slots = new Map<number, string>();

  apply(event: RunEvent, nowMs: number): void {
    if (event.type === 'run-start' || event.type === 'run-end') {
      this.#running.clear();
      this.#slots.clear();
    } else if (event.type === 'test-start')
      this.#running.set(keyOf(event.testId, event.retry), { start: event, faults: [], steps: [], log: [] });
    else if (event.type === 'test-end') this.#running.delete(keyOf(event.attempt.testId, event.attempt.retry));
    else if (event.type === 'slot-state') {
      if (event.state === 'ready' || event.state === 'down') this.#slots.delete(event.slot);
      else this.#slots.set(event.slot, event.detail === undefined ? event.state : `${event.state} (${event.detail})`);
    } else if ('testId' in event && event.testId !== undefined)
      this.#within(event, this.#running.get(keyOf(event.testId, ('retry' in event && event.retry) || 0)), nowMs);
  }

  #within(event: RunEvent, running: Running | undefined, nowMs: number): void {
    if (running === undefined) return;
    if (event.type === 'fault-start') running.faults.push({ name: event.name, startMs: event.timeMs });
    else if (event.type === 'fault-end') {
      const fault = running.faults.find(({ name, endMs }) => name === event.name && endMs === undefined);
      if (fault !== undefined) fault.endMs = event.timeMs;
    } else if (event.type === 'step-start')
      running.steps.push({ number: event.step, title: event.title, startMs: event.timeMs, durationMs: undefined });
    else if (event.type === 'step-end') {
      const step = running.steps.findLast(({ number }) => number === event.step);
      if (step !== undefined) step.durationMs = event.durationMs;
    } else if (event.type === 'test-output' && running.log.length < MOST_LINES)
      running.log.push({ atMs: nowMs, from: event.stream, text: event.text.replace(/\n$/, '') });
  }

  get slots(): readonly { readonly slot: number; readonly state: string }[] {
    return [...this.#slots].map(([slot, state]) => ({ slot, state }));
  }

  get tests(): readonly RunningTest[] {
    return [...this.#running.values()]
      .map(({ start, faults, steps }) => {
        const step = steps.findLast(({ durationMs }) => durationMs === undefined)?.title;
        return {
          testId: start.testId,
          retry: start.retry,
          slot: start.parallelIndex,
          startMs: start.timeMs,
          faults: faults.filter(({ endMs }) => endMs === undefined).map(({ name }) => name),
          ...(step !== undefined && { step }),
        };
      })
      .sort((one, other) => one.slot - other.slot);
  }

  /** The attempt that is under way, as far as it is known. */
  attempt(testId: string, samples: SampleSeries, nowMs: number): AttemptDetail | undefined {
    const found = [...this.#running.values()].find(({ start }) => start.testId === testId);
    if (found === undefined) return undefined;
    const { start, faults, steps, log } = found;
    const place = { slot: start.parallelIndex, worker: start.workerIndex };
    const startMs = start.timeMs;
    return {
      retry: start.retry,
      status: 'passed',
      isRunning: true,
      startMs,
      durationMs: Math.max(1, nowMs - startMs),
      ...place,
      seed: '',
      errors: [],
      steps: steps.map((step) => ({
        title: step.title,
        category: 'test.step',
        startMs: step.startMs,
        durationMs: step.durationMs ?? Math.max(0, nowMs - step.startMs),
        steps: [],
      })),
      phases: [],
      faults: faults as readonly FaultWindow[],
      recoveries: [],
      loads: [],
      annotations: [],
      log,
      attachments: [],
      series: samples.during(startMs, nowMs, place),
    };
  }
}

function keyOf(testId: string, retry: number): string {
  return `${testId} ${retry}`;
}

import type { RunEvent } from '@chaos/spec';
import { attemptLabel } from '../label/attempt-label.js';
import { formatDuration } from '../format-duration.js';
import { verdictOf, type RunRecord, type Verdict } from '@chaos/record';
import { timeLeftMs } from './time-left.js';

interface Running {
  readonly testId: string;
  readonly slot: number;
  readonly retry: number;
  readonly sinceMs: number;
  readonly faults: string[];
}

/** Running tests: their slot, their start, and their active faults. */
export class RunningTests {
  readonly #run: RunRecord;
  readonly #running = new Map<string, Running>();
  readonly #slots = new Map<number, string>();
  readonly #counts = new Map<Verdict, number>();
  // A test of a serial group may end several times.
  readonly #ended = new Map<string, Verdict>();

  constructor(run: RunRecord) {
    this.#run = run;
  }

  apply(event: RunEvent): void {
    if ((event.type === 'test-end' && event.outcome !== undefined) || event.type === 'test-skip')
      this.#count(event.type === 'test-skip' ? event.testId : event.attempt.testId);
    if (event.type === 'test-start')
      this.#running.set(keyOf(event), {
        testId: event.testId,
        slot: event.parallelIndex,
        retry: event.retry,
        sinceMs: event.timeMs,
        faults: [],
      });
    else if (event.type === 'test-end') this.#running.delete(keyOf(event.attempt));
    else if (event.type === 'fault-start') this.#running.get(keyOf(event))?.faults.push(event.name);
    else if (event.type === 'fault-end') {
      const faults = this.#running.get(keyOf(event))?.faults;
      const index = faults?.indexOf(event.name) ?? -1;
      if (index >= 0) faults?.splice(index, 1);
    } else if (event.type === 'slot-state') {
      if (event.state === 'ready') this.#slots.delete(event.slot);
      else this.#slots.set(event.slot, `${event.state}${event.detail === undefined ? '' : ` (${event.detail})`}`);
    }
  }

  /** One line per busy slot, then the counts. */
  lines(nowMs: number): readonly string[] {
    const busy = [...this.#running.values()].toSorted((a, b) => a.slot - b.slot);
    const tests = busy.map(({ testId, slot, retry, sinceMs, faults }) => {
      const test = this.#run.tests.get(testId)?.test;
      const name = [test?.chaosId, test?.title].filter(Boolean).join(' ');
      return `  ▸ slot ${slot}  ${formatDuration(nowMs - sinceMs).padStart(5)}  ${name}${attemptLabel(retry, this.#run)}${faults.length > 0 ? `  ⚡ ${faults.join(', ')}` : ''}`;
    });
    const used = new Set(busy.map(({ slot }) => slot));
    const slots = [...this.#slots]
      .filter(([slot, state]) => !used.has(slot) && state !== 'down')
      .map(([slot, state]) => `  ▸ slot ${slot}  ${state}`);
    if (this.#run.start?.until !== undefined) return [...tests, ...slots];
    return [
      ...tests,
      ...slots,
      `  [${this.#ended.size}/${this.#run.tests.size}]${[...this.#counts]
        .filter(([, count]) => count > 0)
        .map(([verdict, count]) => ` ${count} ${verdict}`)
        .join(',')}${this.#left(nowMs)}`,
    ];
  }

  // Empty while no durations are known.
  #left(nowMs: number): string {
    const { start, tests } = this.#run;
    if (start?.expectedMs === undefined) return '';
    const begun = new Map([...this.#running.values()].map(({ testId, sinceMs }) => [testId, nowMs - sinceMs]));
    const leftMs = timeLeftMs({
      expectedMs: start.expectedMs,
      tests: [...tests.values()].map(({ test, outcome, skip }) => ({
        id: test.id,
        done: outcome !== undefined || skip !== undefined,
        begunMs: begun.get(test.id),
      })),
      workers: start.config.runner.workers,
      elapsedMs: nowMs - start.startMs,
    });
    return leftMs === undefined ? '' : `  ≈ ${formatDuration(leftMs)} left`;
  }

  #count(testId: string): void {
    const record = this.#run.tests.get(testId);
    if (record === undefined) return;
    const [before, verdict] = [this.#ended.get(testId), verdictOf(record)];
    this.#ended.set(testId, verdict);
    if (before !== undefined) this.#counts.set(before, (this.#counts.get(before) ?? 1) - 1);
    this.#counts.set(verdict, (this.#counts.get(verdict) ?? 0) + 1);
  }
}

// Several runs of a repeated test may be in progress at the same time.
function keyOf({ testId, retry }: { readonly testId: string; readonly retry: number }): string {
  return `${testId} ${retry}`;
}

import { closeSync, openSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder, type Attempt, type Reporter, type RunEvent, type Sample, type TestCase } from '@chaos/spec';
import { reportError } from './output/report-error.js';

/** Options of {@link createTraceReporter}. */
export interface TraceReporterOptions {
  /** Created with its folders; an older file is replaced. */
  readonly outputFile: string;
}

/** One event of the format. */
type TraceEvent = Readonly<Record<string, unknown>>;

/** Characters that are kept before they are written. */
const PIECE = 32_768;
// Rows of one slot, top to bottom.
const ROWS = { tests: 0, phases: 1, faults: 2 } as const;

/**
 * A timeline of the run for `chrome://tracing`, Perfetto or speedscope: for each slot its tests, their phases, active
 * faults, and the monitor's samples. Written piece by piece, so that the file of a killed run can still be opened.
 * Format: Trace Event Format, JSON array form, whose closing bracket is optional.
 */
export function createTraceReporter({ outputFile }: TraceReporterOptions): Reporter {
  const tests = new Map<string, TestCase>();
  const slots = new Set<number>();
  const file = new TraceFile(outputFile);

  function nameSlot(slot: number): void {
    if (slots.has(slot)) return;
    slots.add(slot);
    file.write(slotNames(slot));
  }

  return {
    onEvent(event: RunEvent) {
      if (event.type === 'run-start') for (const test of event.tests) tests.set(test.id, test);
      else if (event.type === 'slot-state') {
        nameSlot(event.slot);
        file.write([slotState(event)]);
      } else if (event.type === 'test-end') {
        nameSlot(event.attempt.parallelIndex);
        file.write(attempted(event.attempt, tests.get(event.attempt.testId)));
      } else if (event.type === 'sample') file.write([counter(event.sample)]);
    },
    async end() {
      file.close();
    },
  };
}

/** The file, opened when there is something to write. */
class TraceFile {
  readonly #path: string;
  #fd: number | undefined;
  #waiting = '';

  constructor(path: string) {
    this.#path = path;
  }

  write(events: readonly TraceEvent[]): void {
    this.#waiting += events.map((event) => `${JSON.stringify(event)},\n`).join('');
    if (this.#waiting.length > PIECE) this.#flush();
  }

  close(): void {
    this.#flush();
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #flush(): void {
    if (this.#waiting === '') return;
    try {
      if (this.#fd === undefined) {
        makeFolder(dirname(this.#path), 0o700);
        this.#fd = openSync(this.#path, 'w', 0o600);
        writeFileSync(this.#fd, '[\n');
      }
      // Of a disk that gets full writeSync() takes a part, and says nothing.
      writeFileSync(this.#fd, this.#waiting);
      this.#waiting = '';
    } catch (cause) {
      throw reportError('timeline', this.#path, cause);
    }
  }
}

function slotNames(slot: number): TraceEvent[] {
  return [
    { ph: 'M', name: 'process_name', pid: slot, args: { name: `slot ${slot}` } },
    ...Object.entries(ROWS).map(([name, tid]) => ({ ph: 'M', name: 'thread_name', pid: slot, tid, args: { name } })),
  ];
}

function slotState({ slot, state, timeMs, detail }: Extract<RunEvent, { type: 'slot-state' }>): TraceEvent {
  return {
    ph: 'i',
    s: 'p',
    cat: 'slot',
    name: `slot ${state}`,
    pid: slot,
    tid: ROWS.phases,
    ts: us(timeMs),
    ...(detail !== undefined && { args: { detail } }),
  };
}

// The test, its phases one after the other, and its faults.
function attempted(attempt: Attempt, test: TestCase | undefined): TraceEvent[] {
  const { parallelIndex: pid, startMs, durationMs, retry, status, workerIndex, phases, faults, testId } = attempt;
  const name = `${[test?.chaosId, test?.title ?? testId].filter(Boolean).join(' ')}${retry > 0 ? ` (retry #${retry})` : ''}`;
  const bar = (cat: 'test' | 'phase' | 'fault', title: string, fromMs: number, lengthMs: number): TraceEvent => ({
    ph: 'X',
    cat,
    name: title,
    pid,
    tid: ROWS[`${cat}s`],
    ts: us(fromMs),
    dur: us(lengthMs),
  });
  // The slot is prepared before the test's clock starts; everything else follows one after the other.
  let atMs = startMs - (phases.find((phase) => phase.name === 'slot')?.durationMs ?? 0);
  return [
    { ...bar('test', name, startMs, durationMs), args: { status, workerIndex, id: testId } },
    ...phases.map((phase) => {
      const event = bar('phase', phase.name, atMs, phase.durationMs);
      atMs += phase.durationMs;
      return event;
    }),
    ...faults.map(({ name: fault, startMs: from, endMs = startMs + durationMs }) =>
      bar('fault', fault, from, endMs - from),
    ),
  ];
}

// A line of CPUs and of memory for each scope; those of a slot stand with it, the others in a process of their own.
function counter({ scope, timeMs, cpus, memoryBytes }: Sample): Record<string, unknown> {
  const slot = /-(\d+)$/.exec(scope)?.[1];
  return {
    ph: 'C',
    name: scope,
    pid: slot === undefined ? -1 : Number(slot),
    ts: us(timeMs),
    args: { cpus, 'memory MiB': Math.round(memoryBytes / 2 ** 20) },
  };
}

function us(ms: number): number {
  return Math.round(ms * 1000);
}

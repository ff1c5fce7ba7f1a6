import { closeSync, openSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder, type Attempt, type Reporter, type RunEvent, type Sample, type TestCase } from '@chaos/spec';
import { reportError } from './output/report-error.js';

/** Options of {@link createTraceReporter}. */
export interface TraceReporterOptions {
  /** Created with its folders; an older file is replaced. */
  readonly outputFile: string;
}

/** Characters collected before they are written. */
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
  let fd: number | undefined;
  let waiting = '';

  function write(...events: readonly Record<string, unknown>[]): void {
    waiting += events.map((event) => `${JSON.stringify(event)},\n`).join('');
    if (waiting.length > PIECE) flush();
  }

  function flush(): void {
    if (waiting === '') return;
    try {
      if (fd === undefined) {
        makeFolder(dirname(outputFile), 0o700);
        fd = openSync(outputFile, 'w', 0o600);
        writeFileSync(fd, '[\n');
      }
      // On a disk that fills up, writeSync() writes a part and reports no error.
      writeFileSync(fd, waiting);
      waiting = '';
    } catch (cause) {
      throw reportError('timeline', outputFile, cause);
    }
  }

  function nameSlot(slot: number): void {
    if (slots.has(slot)) return;
    slots.add(slot);
    write(
      { ph: 'M', name: 'process_name', pid: slot, args: { name: `slot ${slot}` } },
      ...Object.entries(ROWS).map(([name, tid]) => ({ ph: 'M', name: 'thread_name', pid: slot, tid, args: { name } })),
    );
  }

  function attempted(attempt: Attempt): void {
    const { parallelIndex: pid, startMs, durationMs, retry, status, workerIndex, phases, faults } = attempt;
    const test = tests.get(attempt.testId);
    nameSlot(pid);
    const name = `${[test?.chaosId, test?.title ?? attempt.testId].filter(Boolean).join(' ')}${retry > 0 ? ` (retry #${retry})` : ''}`;
    // The slot is prepared before the test's clock starts; all other phases follow one another.
    let atMs = startMs - (phases.find((phase) => phase.name === 'slot')?.durationMs ?? 0);
    write(
      {
        ph: 'X',
        cat: 'test',
        name,
        pid,
        tid: ROWS.tests,
        ts: us(startMs),
        dur: us(durationMs),
        args: { status, workerIndex, id: attempt.testId },
      },
      ...phases.map((phase) => {
        const event = {
          ph: 'X',
          cat: 'phase',
          name: phase.name,
          pid,
          tid: ROWS.phases,
          ts: us(atMs),
          dur: us(phase.durationMs),
        };
        atMs += phase.durationMs;
        return event;
      }),
      ...faults.map(({ name: fault, startMs: from, endMs = startMs + durationMs }) => ({
        ph: 'X',
        cat: 'fault',
        name: fault,
        pid,
        tid: ROWS.faults,
        ts: us(from),
        dur: us(endMs - from),
      })),
    );
  }

  return {
    onEvent(event: RunEvent) {
      if (event.type === 'run-start') for (const test of event.tests) tests.set(test.id, test);
      else if (event.type === 'slot-state') {
        nameSlot(event.slot);
        write({
          ph: 'i',
          s: 'p',
          cat: 'slot',
          name: `slot ${event.state}`,
          pid: event.slot,
          tid: ROWS.phases,
          ts: us(event.timeMs),
          ...(event.detail !== undefined && { args: { detail: event.detail } }),
        });
      } else if (event.type === 'test-end') attempted(event.attempt);
      else if (event.type === 'sample') write(counter(event.sample));
    },
    async end() {
      flush();
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
    },
  };
}

// One row for CPUs and one for memory per scope; rows of a slot belong to its process, the others to a separate one.
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

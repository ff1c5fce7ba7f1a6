import type { FaultWindow } from '@chaos/spec';
import { classifyOutcome } from '../classify/classify-outcome.js';
import type { History, HistoryFault } from '../history.js';
import { createClock } from './clock.js';
import { faultLine } from './event-line.js';
import { createProcess, type Classify, type HistoryProcess } from './history-process.js';
import { openLineFile } from './line-file.js';
import { Recording } from './recording.js';

/** Options of {@link createRecorder}. */
export interface RecorderOptions {
  /**
   * Writes each event into this file as well (NDJSON), as it happens: what it holds survives the end of this process.
   * Emptied first.
   */
  readonly file?: string;
  /** Classifies a value thrown by an operation of `run`. Default {@link classifyOutcome}. */
  readonly classify?: Classify;
}

/** Writes down what is asked and answered. All of it lives on one clock and in one order. */
export interface Recorder extends Disposable {
  /** A logical process more. */
  process(): HistoryProcess;
  /** {@link HistoryProcess.run} on whichever process is idle. */
  run<T>(f: string, value: unknown, send: () => T | Promise<T>, classify?: Classify): Promise<T>;
  /** A fault is in force from now until the function is called; twice is harmless. */
  fault(name: string): () => void;
  /** Faults that somebody else has timed, on the wall clock. */
  addFaults(windows: readonly FaultWindow[]): void;
  /** All of it up to now; what has not ended yet is `info`. Later events do not change it. */
  history(): History;
  /** Writes what the file does not have yet. Throws when the file could not be written. */
  flush(): void;
}

/**
 * A recorder. An operation is written down before it is sent and again when its answer has arrived, so that the order
 * of events is a sound real-time order.
 *
 * @example
 * const recorder = createRecorder({ file: 'history.ndjson' });
 * await recorder.run('write', 1, () => client.set('x', 1).then(() => undefined));
 * check(recorder.history(), { model: 'linearizable-register' });
 */
export function createRecorder({ file, classify = classifyOutcome }: RecorderOptions = {}): Recorder {
  const clock = createClock();
  const lines = file === undefined ? undefined : openLineFile(file);
  lines?.add(`{"history":1,"startedMs":${clock.startedMs}}\n`);
  const recording = new Recording(clock, lines);
  const idle: HistoryProcess[] = [];
  const faults: { name: string; startNs: number; endNs: number }[] = [];

  const writeFault = (f: 'start' | 'stop', name: string, timeNs: number): void => {
    lines?.add(faultLine(recording.nextLine(), f, name, timeNs));
  };
  return {
    process: () => createProcess(recording, classify),
    async run(f, value, send, how) {
      const process = idle.pop() ?? createProcess(recording, classify);
      try {
        return await process.run(f, value, send, how);
      } finally {
        idle.push(process);
      }
    },
    fault(name) {
      const window = { name, startNs: clock.now(), endNs: Infinity };
      faults.push(window);
      writeFault('start', name, window.startNs);
      return () => {
        if (window.endNs !== Infinity) return;
        window.endNs = clock.now();
        writeFault('stop', name, window.endNs);
      };
    },
    addFaults(windows) {
      for (const { name, startMs, endMs } of windows) {
        const window = { name, startNs: clock.at(startMs), endNs: endMs === undefined ? Infinity : clock.at(endMs) };
        faults.push(window);
        writeFault('start', name, window.startNs);
        if (endMs !== undefined) writeFault('stop', name, window.endNs);
      }
    },
    history: () => ({
      // An operation that has ended never changes again; one that has not might.
      operations: recording.operations.map((operation) => (operation.type === 'info' ? { ...operation } : operation)),
      faults: faults.map((fault): HistoryFault => ({ ...fault })),
    }),
    flush: () => lines?.flush(),
    [Symbol.dispose]: () => lines?.close(),
  };
}

import type { Operation, OperationType } from '../operation.js';
import type { Clock } from './clock.js';
import { eventLine } from './event-line.js';
import type { LineFile } from './line-file.js';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** An operation while it is recorded: one object from the invocation on, which the completion fills in. */
export type OperationRecord = Writable<Operation>;

/** The state that a recorder and its processes share. */
export class Recording {
  readonly operations: OperationRecord[] = [];
  readonly clock: Clock;
  readonly file: LineFile | undefined;
  #events = 0;
  #lines = 0;
  #processes = 0;

  constructor(clock: Clock, file: LineFile | undefined) {
    this.clock = clock;
    this.file = file;
  }

  nextProcess(): number {
    return this.#processes++;
  }

  /** The index of an event in the file, where the events of faults count too. */
  nextLine(): number {
    return this.#lines++;
  }

  invoke(process: number, f: string, value: unknown): OperationRecord {
    const invoked = this.#events++;
    const invokedNs = this.clock.now();
    // Until somebody says how it ended, nobody can tell: a crash leaves it so. Every key from the beginning: one shape
    // for all.
    const record: OperationRecord = {
      process,
      f,
      type: 'info',
      value,
      invoked,
      completed: Infinity,
      invokedNs,
      completedNs: Infinity,
    };
    this.file?.add(eventLine(this.#lines++, 'invoke', record, invokedNs));
    this.operations.push(record);
    return record;
  }

  complete(record: OperationRecord, type: OperationType, value: unknown, error: string | undefined): void {
    const completed = this.#events++;
    const completedNs = this.clock.now();
    if (type === 'ok' && value !== undefined) record.value = value;
    if (error !== undefined) record.error = error;
    this.file?.add(eventLine(this.#lines++, type, record, completedNs));
    record.type = type;
    if (type === 'info') return;
    record.completed = completed;
    record.completedNs = completedNs;
  }
}

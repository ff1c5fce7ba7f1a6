import { formatValue } from '../describe/format-value.js';
import type { History } from '../history.js';
import type { OperationType } from '../operation.js';
import type { OperationRecord } from '../record/recording.js';
import { NEMESIS } from '../record/event-line.js';
import { FaultCollector } from './fault-collector.js';
import { rememberPlaces } from './places.js';
import { settleTies } from './settle-ties.js';

/** An event as files have it: Jepsen's names. */
export interface RawEvent {
  readonly type?: unknown;
  readonly process?: unknown;
  readonly f?: unknown;
  readonly value?: unknown;
  /** Nanoseconds. */
  readonly time?: unknown;
  readonly error?: unknown;
  /** Of an independent key, where the file has one beside the value. */
  readonly key?: unknown;
}

interface Open {
  readonly operation: OperationRecord;
  /** Its place among the operations. */
  readonly index: number;
  /** Line of the invocation. */
  readonly line: number;
}

/** Position of an event in the file. */
export interface EventPlace {
  readonly line: number;
  readonly column: number;
}

/** Makes a history of events in their order. `problem` throws: it knows the place of the event. */
export class EventCollector {
  readonly #operations: OperationRecord[] = [];
  readonly #faults = new FaultCollector();
  readonly #open = new Map<number, Open>();
  readonly #lanes = new Map<string, number>();
  readonly #lines: number[] = [];
  readonly #columns: number[] = [];
  readonly #file: string;
  #position = 0;

  constructor(file: string) {
    this.#file = file;
  }

  add(event: RawEvent, where: EventPlace, problem: (text: string) => never): void {
    const { type, time } = event;
    if (type !== 'invoke' && type !== 'ok' && type !== 'fail' && type !== 'info')
      problem(`Cannot read the event: current type is ${show(type)}, allowed are invoke, ok, fail and info`);
    // Nanoseconds since 1970 are more than a double has exactly.
    const timeNs = typeof time === 'number' || typeof time === 'bigint' ? Number(time) : this.#position;
    const f =
      typeof event.f === 'string'
        ? event.f
        : event.f === undefined
          ? 'txn'
          : problem(`Cannot read the event: current f is ${show(event.f)}, must be a name`);
    if (typeof event.process === 'string') {
      if (event.process !== NEMESIS)
        problem(
          `Cannot read the event: current process is ${show(event.process)}, must be a whole number or ${NEMESIS}`,
        );
      this.#faults.add(f, event.value, timeNs);
      return;
    }
    const position = this.#position++;
    const process = this.#processOf(event.process, f, problem);
    if (type === 'invoke') this.#invoke(event, { process, f, position, timeNs, where }, problem);
    else this.#complete(event, type, { process, f, position, timeNs, where }, problem);
  }

  /** Operations without an end are `info`. */
  history(): History {
    const order = settleTies(this.#operations);
    const inOrder = (numbers: readonly number[]): readonly number[] => order?.map((at) => numbers[at]!) ?? numbers;
    const history = { operations: this.#operations, faults: this.#faults.windows() };
    const [lines, columns] = [inOrder(this.#lines), inOrder(this.#columns)];
    rememberPlaces(history, { file: this.#file, lines, columns });
    return history;
  }

  #invoke(
    event: RawEvent,
    {
      process,
      f,
      position,
      timeNs,
      where,
    }: { process: number; f: string; position: number; timeNs: number; where: EventPlace },
    problem: (text: string) => never,
  ): void {
    const before = this.#open.get(process);
    if (before !== undefined)
      problem(
        `Cannot read the event: process ${process} invokes ${f} while its operation ` +
          `${before.operation.f} of line ${before.line} is open`,
      );
    const operation: OperationRecord = {
      process,
      f,
      type: 'info',
      value: valueOf(event) ?? null,
      invoked: position,
      completed: Infinity,
      invokedNs: timeNs,
      completedNs: Infinity,
    };
    const index = this.#operations.push(operation) - 1;
    this.#open.set(process, { operation, index, line: where.line });
    this.#lines.push(where.line);
    this.#columns.push(where.column);
  }

  #complete(
    event: RawEvent,
    type: OperationType,
    {
      process,
      f,
      position,
      timeNs,
      where,
    }: { process: number; f: string; position: number; timeNs: number; where: EventPlace },
    problem: (text: string) => never,
  ): void {
    const open = this.#open.get(process);
    if (open === undefined) problem(`Cannot read the event: process ${process} ends ${f}, but nothing of it is open`);
    const { operation, index, line } = open!;
    if (operation.f !== f)
      problem(
        `Cannot read the event: process ${process} ends ${f}, but what it invoked on line ${line} is ${operation.f}`,
      );
    this.#open.delete(process);
    operation.type = type;
    if (event.error !== undefined && event.error !== null)
      operation.error = typeof event.error === 'string' ? event.error : JSON.stringify(event.error);
    const value = valueOf(event);
    if (type === 'ok' && value !== undefined) {
      operation.value = value;
      this.#lines[index] = where.line;
      this.#columns[index] = where.column;
    }
    if (type === 'info') return;
    operation.completed = position;
    operation.completedNs = timeNs;
  }

  #processOf(process: unknown, f: string, problem: (text: string) => never): number {
    if (typeof process === 'number' && Number.isSafeInteger(process)) return process;
    if (process !== undefined && process !== null)
      problem(`Cannot read the event: current process is ${show(process)}, must be a whole number or ${NEMESIS}`);
    // Hand-written histories leave it out: then each f is done by a process of its own.
    const lane = this.#lanes.get(f) ?? this.#lanes.size;
    this.#lanes.set(f, lane);
    return lane;
  }
}

// The key of an independent part stands before the value, as Jepsen's independent keys do.
function valueOf({ key, value }: RawEvent): unknown {
  return key === undefined ? value : [key, value ?? null];
}

function show(value: unknown): string {
  return value === undefined ? 'missing' : formatValue(value);
}

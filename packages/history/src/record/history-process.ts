import { inspect } from 'node:util';
import type { OperationRecord, Recording } from './recording.js';

/** An operation whose answer is awaited. Exactly one of its methods is called, when the answer has arrived. */
export interface OpenOperation {
  /** It happened. `value`: what was asked with what was answered filled in; `undefined` keeps what was asked. */
  ok(value?: unknown): void;
  /** It certainly did not happen. */
  fail(error?: unknown): void;
  /** Nobody can tell, now or later: the process is never used again, and its next operation gets a new one. */
  info(error?: unknown): void;
}

/** The outcome that the value thrown by `send` gives the operation. */
export type Classify = (error: unknown) => 'fail' | 'info';

/** A logical process, such as one connection or one user: one operation at a time. */
export interface HistoryProcess {
  /** Changes after an `info`. */
  readonly id: number;
  /** Call it before the operation is sent. Throws `TypeError` while another operation of this process is open. */
  invoke(f: string, value: unknown): OpenOperation;
  /**
   * Records what `send` does. It resolves to the operation's value, `undefined` keeps what was asked; what it throws is
   * thrown on, after `classify` has said how the operation ended.
   */
  run<T>(f: string, value: unknown, send: () => T | Promise<T>, classify?: Classify): Promise<T>;
}

class Invocation implements OpenOperation {
  readonly #recording: Recording;
  readonly #record: OperationRecord;
  readonly #onEnd: (lost: boolean) => void;
  #open = true;

  constructor(recording: Recording, record: OperationRecord, onEnd: (lost: boolean) => void) {
    this.#recording = recording;
    this.#record = record;
    this.#onEnd = onEnd;
  }

  ok(value?: unknown): void {
    this.#end('ok', value, undefined);
  }

  fail(error?: unknown): void {
    this.#end('fail', undefined, textOf(error));
  }

  info(error?: unknown): void {
    this.#end('info', undefined, textOf(error));
  }

  #end(type: 'ok' | 'fail' | 'info', value: unknown, error: string | undefined): void {
    const { process, f } = this.#record;
    if (!this.#open)
      throw new TypeError(
        `Cannot end the operation ${JSON.stringify(f)} of process ${process} as ${type}: it has ended already`,
      );
    this.#open = false;
    this.#recording.complete(this.#record, type, value, error);
    this.#onEnd(type === 'info');
  }
}

/** @internal A process of a recording; `classify` is what its `run` uses by default. */
export function createProcess(recording: Recording, classify: Classify): HistoryProcess {
  let id = recording.nextProcess();
  let current: string | undefined;
  const onEnd = (lost: boolean): void => {
    current = undefined;
    if (lost) id = recording.nextProcess();
  };
  const process: HistoryProcess = {
    get id() {
      return id;
    },
    invoke(f, value) {
      if (current !== undefined)
        throw new TypeError(
          `Cannot invoke ${JSON.stringify(f)} on process ${id}: its operation ${JSON.stringify(current)} ` +
            'is open; a process does one thing at a time',
        );
      const record = recording.invoke(id, f, value);
      current = f;
      return new Invocation(recording, record, onEnd);
    },
    async run(f, value, send, how = classify) {
      const operation = process.invoke(f, value);
      let result;
      try {
        result = await send();
      } catch (error) {
        operation[how(error)](error);
        throw error;
      }
      operation.ok(result);
      return result;
    },
  };
  return process;
}

function textOf(error: unknown): string | undefined {
  if (error === undefined || typeof error === 'string') return error;
  return error instanceof Error ? error.message : inspect(error);
}

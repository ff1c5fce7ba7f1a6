import type { WorkerInit } from '../../ipc/messages.js';
import { wallOffsetMs } from '../../real-time.js';
import { dropEarlyWorker, takeEarlyWorker } from '../early-worker.js';
import type { SlotNamespace } from '../sandbox.js';
import { Reaper } from '../reaper.js';
import type { WorkerEvents } from './worker-events.js';
import { WorkerProcess } from './worker-process.js';

/** What all workers of a pool are told. */
type PoolInit = Omit<WorkerInit, 'parallelIndex' | 'workerIndex' | 'wallOffsetMs'>;

/** The workers by place; a lost one is replaced on the next request. */
export class WorkerPool {
  readonly #byPlace = new Map<number, WorkerProcess>();
  readonly #moving = new Map<number, Promise<void>>();
  readonly #init: PoolInit;
  readonly #idle: WorkerEvents;
  readonly #onStart: (worker: WorkerProcess) => void;
  readonly #reaper = new Reaper();
  #nextIndex = 0;
  #closed = false;

  /** `idle` receives events of a worker before its first order. */
  constructor(init: PoolInit, idle: WorkerEvents, onStart: (worker: WorkerProcess) => void) {
    this.#init = init;
    this.#idle = idle;
    this.#onStart = onStart;
  }

  get(parallelIndex: number, namespace?: SlotNamespace): WorkerProcess {
    const existing = this.#byPlace.get(parallelIndex);
    if (existing?.child.alive()) return existing;
    if (this.#closed) throw new Error('Cannot start a worker: the run is over');
    const early = namespace ? undefined : takeEarlyWorker(this.#init.runId);
    const worker = new WorkerProcess(
      { ...this.#init, parallelIndex, workerIndex: this.#nextIndex++, wallOffsetMs: wallOffsetMs() },
      this.#idle,
      namespace,
      early,
    );
    this.#byPlace.set(parallelIndex, worker);
    this.#reaper.add(worker.child.pid, worker.child.exited);
    this.#onStart(worker);
    return worker;
  }

  /** Returns the worker of this place in this namespace; a worker of another namespace is ended first. */
  async move(parallelIndex: number, namespace: SlotNamespace): Promise<WorkerProcess> {
    await this.#moving.get(parallelIndex);
    const elsewhere = this.#byPlace.get(parallelIndex);
    if (elsewhere?.child.alive() && elsewhere.namespace !== namespace) {
      const moving = this.discard(elsewhere);
      this.#moving.set(parallelIndex, moving);
      await moving;
    }
    return this.get(parallelIndex, namespace);
  }

  /** Makes the next request at this place start a new worker. */
  async retire(parallelIndex: number): Promise<void> {
    const worker = this.#byPlace.get(parallelIndex);
    if (worker) await this.discard(worker);
  }

  /** Ends an unreliable worker. */
  async discard(worker: WorkerProcess): Promise<void> {
    if (this.#byPlace.get(worker.init.parallelIndex) === worker) this.#byPlace.delete(worker.init.parallelIndex);
    await worker.stop();
  }

  alive(): readonly WorkerProcess[] {
    return [...this.#byPlace.values()].filter(({ child }) => child.alive());
  }

  /** Reports that the slot of this place died: the test that uses it has failed. */
  loseSlot(parallelIndex: number, reason: string): void {
    this.#byPlace.get(parallelIndex)?.loseSlot(reason);
  }

  abort(reason: string): void {
    for (const worker of this.#byPlace.values()) worker.abort(reason);
  }

  /** Kills all of them without notice. */
  kill(): void {
    this.#closed = true;
    for (const worker of this.#byPlace.values()) worker.kill();
  }

  /** Ends the code of all workers: afterAll hooks and worker fixtures are torn down. */
  async finish(): Promise<void> {
    this.#closed = true;
    dropEarlyWorker();
    await Promise.all([...this.#byPlace.values()].map((worker) => worker.finish()));
  }

  /** Ends every worker and waits until its process is gone. */
  async stop(): Promise<void> {
    this.#closed = true;
    dropEarlyWorker();
    await Promise.all([...this.#byPlace.values()].map((worker) => worker.stop()));
    this.#byPlace.clear();
    this.#reaper.close();
  }
}

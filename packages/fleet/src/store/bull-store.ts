import { randomUUID } from 'node:crypto';
import type { Job, Queue, Worker, WorkerOptions } from 'bullmq';
import { patiently } from './patiently.js';
import type { Entry, Store, Taken } from './store.js';

/** Queues of one connection. */
export interface Connected {
  readonly kind: Store['kind'];
  queue(name: string): Queue;
  worker(name: string, options: Omit<WorkerOptions, 'connection'>): Worker;
  close(): Promise<void>;
  readonly onError: (error: Error) => void;
}

/** Ids of ours may look like a number, which BullMQ keeps for its own. */
const PREFIX = 'c-';
// Entries are done when we say so; the store forgets them then.
const GONE = { removeOnComplete: true, removeOnFail: true } as const;
/** The lease of an agent may expire as often as it likes: the coordinator counts. */
const NO_LIMIT = 1_000_000;

/** A {@link Store} on BullMQ. */
export class BullStore implements Store {
  readonly kind: Store['kind'];
  readonly #connected: Connected;
  readonly #queues = new Map<string, Queue>();
  readonly #workers = new Map<string, Worker>();

  constructor(connected: Connected) {
    this.#connected = connected;
    this.kind = connected.kind;
  }

  async add(queue: string, id: string, data: string): Promise<void> {
    await patiently(() => this.#queue(queue).add('chaos', { data }, { jobId: PREFIX + id, ...GONE }));
  }

  async get(queue: string, id: string): Promise<Entry | undefined> {
    const job = await this.#job(queue, PREFIX + id);
    return job && entryOf(job);
  }

  async update(queue: string, id: string, data: string): Promise<boolean> {
    return patiently(async () => {
      const job = (await this.#queue(queue).getJob(PREFIX + id)) as Job | undefined;
      if (job === undefined) return false;
      await job.updateData({ data });
      return true;
    });
  }

  async remove(queue: string, id: string): Promise<void> {
    await patiently(() => this.#queue(queue).remove(PREFIX + id));
  }

  async list(queue: string): Promise<readonly Entry[]> {
    const jobs = await patiently(() => this.#queue(queue).getJobs(['waiting'])).catch((error: unknown) => {
      if (error instanceof SyntaxError) return this.#readable(queue);
      throw error;
    });
    return (jobs as readonly (Job | undefined)[]).filter((job) => job !== undefined).map(entryOf);
  }

  async take(queue: string, leaseMs: number): Promise<Taken | undefined> {
    const token = randomUUID();
    const worker = this.#worker(queue, leaseMs);
    const job = await patiently(() => worker.getNextJob(token, { block: false }))
      .then((next) => next as Job | undefined)
      .catch((error: unknown) => {
        // It has left the queue, so that the next one comes.
        if (error instanceof SyntaxError) return undefined;
        throw error;
      });
    if (job === undefined) return undefined;
    return {
      ...entryOf(job),
      taken: job.attemptsStarted,
      renew: async () => {
        try {
          return (await patiently(() => job.extendLock(token, leaseMs))) > 0;
        } catch (error) {
          if (isLockLost(error)) return false;
          throw error;
        }
      },
      finish: async () => {
        await patiently(() => job.moveToCompleted(null, token, false)).catch(orLost);
      },
    };
  }

  async expired(queue: string, leaseMs: number): Promise<readonly string[]> {
    const worker = this.#worker(queue, leaseMs) as unknown as {
      readonly backend: { moveStalledJobsToWait(): Promise<string[]> };
    };
    const ids = await patiently(() => worker.backend.moveStalledJobsToWait());
    return ids.map((id) => id.slice(PREFIX.length));
  }

  async count(queue: string): Promise<number> {
    return patiently(() => this.#queue(queue).getWaitingCount());
  }

  async destroy(queue: string): Promise<void> {
    await patiently(() => this.#queue(queue).obliterate({ force: true }));
    await this.#close(queue);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of new Set([...this.#queues.keys(), ...this.#workers.keys()])) await this.#close(name);
    await this.#connected.close();
  }

  async #close(name: string): Promise<void> {
    const [queue, worker] = [this.#queues.get(name), this.#workers.get(name)];
    this.#queues.delete(name);
    this.#workers.delete(name);
    await Promise.race([
      Promise.allSettled([queue?.close(), worker?.close(true)]),
      new Promise((resolve) => setTimeout(resolve, 1_000).unref()),
    ]);
  }

  // One by one, where BullMQ cannot read all of them.
  async #readable(queue: string): Promise<readonly (Job | undefined)[]> {
    const ids = await patiently(() => this.#queue(queue).getRanges(['waiting'], 0, -1));
    return Promise.all(ids.map((id) => this.#job(queue, id)));
  }

  // An entry that BullMQ cannot read is none of ours: it must end nobody.
  async #job(queue: string, id: string): Promise<Job | undefined> {
    try {
      return (await patiently(() => this.#queue(queue).getJob(id))) as Job | undefined;
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  #queue(name: string): Queue {
    const known = this.#queues.get(name);
    if (known !== undefined) return known;
    const queue = this.#connected.queue(name);
    queue.on('error', this.#connected.onError);
    this.#queues.set(name, queue);
    return queue;
  }

  #worker(name: string, leaseMs: number): Worker {
    const known = this.#workers.get(name);
    if (known !== undefined) return known;
    const worker = this.#connected.worker(name, {
      autorun: false,
      lockDuration: leaseMs,
      stalledInterval: Math.max(100, leaseMs / 4),
      maxStalledCount: NO_LIMIT,
      skipStalledCheck: true,
      skipLockRenewal: true,
    });
    worker.on('error', this.#connected.onError);
    this.#workers.set(name, worker);
    return worker;
  }
}

function entryOf(job: Job): Entry {
  return { id: (job.id ?? '').slice(PREFIX.length), data: (job.data as { readonly data?: unknown } | null)?.data };
}

// BullMQ's codes of a job that is not there, whose lock is, or which is not active any more.
function isLockLost(error: unknown): boolean {
  return [-1, -2, -3, -6].includes((error as { readonly code?: number }).code ?? 0);
}

function orLost(error: unknown): void {
  if (!isLockLost(error)) throw error;
}

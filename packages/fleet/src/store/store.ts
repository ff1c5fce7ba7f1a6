/** A job as the fleet uses it: an entry of a queue. */
export interface Entry {
  readonly id: string;
  /** A text where it is an entry of ours; strangers may write anything. */
  readonly data: unknown;
}

/** A unit that was taken from a queue under a lease. */
export interface Taken extends Entry {
  /** How often it has been taken, from 1: the fencing number of the lease. */
  readonly taken: number;
  /** Prolongs the lease by its duration; false if it is lost. */
  renew(): Promise<boolean>;
  /** Gives the lease up: the entry is done, and removed. */
  finish(): Promise<void>;
}

/**
 * Named queues on a Redis or PostgreSQL, by BullMQ. All operations wait for a store that is away for a while; they
 * reject when they took longer than the store's patience.
 */
export interface Store extends AsyncDisposable {
  /** `redis` or `postgres`. */
  readonly kind: 'redis' | 'postgres';
  /** Adds an entry; one whose id exists already stays as it is. */
  add(queue: string, id: string, data: string): Promise<void>;
  /** The entry with this id; `undefined` if there is none. */
  get(queue: string, id: string): Promise<Entry | undefined>;
  /** Replaces the data of an entry; false if there is none. */
  update(queue: string, id: string, data: string): Promise<boolean>;
  /** Removes an entry, taken or not. */
  remove(queue: string, id: string): Promise<void>;
  /** All entries that wait, in no order. For short queues: each entry is asked for by itself. */
  list(queue: string): Promise<readonly Entry[]>;
  /** Takes the oldest entry under a lease; `undefined` if none waits. */
  take(queue: string, leaseMs: number): Promise<Taken | undefined>;
  /** Looks for leases that have expired, and makes their entries wait again. Returns their ids. */
  expired(queue: string, leaseMs: number): Promise<readonly string[]>;
  /** Number of entries that wait. */
  count(queue: string): Promise<number>;
  /** Removes a queue with all its entries. */
  destroy(queue: string): Promise<void>;
}

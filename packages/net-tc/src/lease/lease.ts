import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { commandThrough, environmentOf, type Executor } from '../executors/executor.js';
import { tableName } from '../plan/commands/handles.js';
import { leaseElement } from '../plan/commands/nft-ruleset.js';
import { packageFile } from '../kernel/package-file.js';

/** Message to the thread that renews the lease. */
export interface LeaseOrder {
  readonly command: readonly [string, ...string[]];
  /** On top of this process's own. */
  readonly environment: Readonly<Record<string, string>>;
  readonly table: string;
  readonly element: string;
  readonly intervalMs: number;
}

/** A moment at which the rules had expired although they should have been in force. */
export interface Lapse {
  /** Detection time, ms since the Unix epoch. */
  readonly atMs: number;
  readonly reason: string;
}

/** A lease that a thread keeps renewing. */
export interface RenewedLease extends AsyncDisposable {
  readonly lapses: readonly Lapse[];
}

type Message =
  | { readonly kind: 'renewing' }
  | { readonly kind: 'lapsed'; readonly atMs: number; readonly reason: string }
  | { readonly kind: 'ended'; readonly reason: string };

/** Four chances to renew before it runs out. */
const RENEWALS = 4;
const EXIT_TIMEOUT_MS = 2000;

/** Renews the lease of a device, whose table must be there; resolves when it does. */
export async function keepLease(
  executor: Executor,
  device: string,
  timeoutMs: number,
  onLapse: (lapse: Lapse) => void,
): Promise<RenewedLease> {
  const order: LeaseOrder = {
    command: commandThrough(executor, ['nft', '-i']),
    environment: environmentOf(executor),
    table: tableName(device),
    element: leaseElement(device, { kind: 'renewed', timeoutMs }),
    intervalMs: timeoutMs / RENEWALS,
  };
  const lapses: Lapse[] = [];
  let ending = false;
  const thread = new Worker(packageFile('lease/lease-thread.js'), {
    workerData: order,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  });
  const note = (lapse: Lapse): void => {
    if (ending) return;
    lapses.push(lapse);
    onLapse(lapse);
  };
  const stop = (reason: string): void =>
    note({ atMs: Date.now(), reason: `nobody renews the lease any more: ${reason}` });
  thread.on('error', (error: Error) => stop(error.message));
  const exit = once(thread, 'exit').catch(() => {});
  await new Promise<void>((resolve) => {
    thread.on('message', (message: Message) => {
      if (message.kind === 'lapsed') note(message);
      if (message.kind === 'ended') stop(message.reason);
      resolve();
    });
    // If this fails the rules expire. That is reported as a lapse, not as a failure of whoever adds a fault.
    void exit.then(() => resolve());
  });
  thread.unref();
  return {
    lapses,
    async [Symbol.asyncDispose]() {
      ending = true;
      thread.ref();
      thread.postMessage('end');
      const timer = setTimeout(() => void thread.terminate(), EXIT_TIMEOUT_MS);
      await exit;
      clearTimeout(timer);
    },
  };
}

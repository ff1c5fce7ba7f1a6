import { activeFault, type Fault } from '@chaos/spec';
import type { ServiceProcess } from './spawn-service.js';

/** Keeps a service running, except while a fault stops it. */
export interface Supervisor {
  /** The latest process, running or ended. */
  current(): ServiceProcess;
  /**
   * Ends the process with `end`, then sends SIGKILL to the rest of its tree; healing starts it again when no other
   * outage is in force.
   */
  outage(name: string, end: (process: ServiceProcess) => Promise<void>): Fault;
  /** SIGSTOP to the whole tree; healing sends SIGCONT when no other pause is in force. */
  pause(name: string): Fault;
  /** Ends it for good. A second call does nothing. */
  down(): Promise<void>;
}

/**
 * Starts a service and supervises it. `start` resolves when it is ready and cleans up after itself when it fails; its
 * signal has no time-out.
 */
export async function supervise(
  start: (signal: AbortSignal) => Promise<ServiceProcess>,
  signal: AbortSignal,
): Promise<Supervisor> {
  const closing = new AbortController();
  const oneAtATime = createQueue();
  let current = await start(signal);
  const hold = (enforce: () => Promise<void>, release: () => Promise<void>): Hold => ({
    holders: new Set(),
    oneAtATime,
    enforce,
    release: async () => {
      if (!closing.signal.aborted) await release();
    },
  });
  const restart = async (): Promise<void> => {
    if (!current.alive()) current = await start(closing.signal);
  };
  const outages = hold(() => current.killTree(), restart);
  const pauses = hold(
    () => current.pause(),
    async () => current.resume(),
  );
  return {
    current: () => current,
    outage: (name, end) =>
      heldFault(name, {
        ...outages,
        enforce: async () => {
          if (current.alive()) await end(current);
          await outages.enforce();
        },
      }),
    pause: (name) => heldFault(name, pauses),
    async down() {
      closing.abort();
      await oneAtATime(() => current.killTree());
    },
  };
}

type Queue = <T>(act: () => Promise<T>) => Promise<T>;

/** Runs one action at a time, whether or not the one before failed. */
function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const result = last.then(act);
    last = result.catch(() => undefined);
    return result;
  };
}

/** A state that several faults may hold at a time. It ends with the last of them. */
interface Hold {
  readonly holders: Set<symbol>;
  readonly oneAtATime: Queue;
  enforce(): Promise<void>;
  release(): Promise<void>;
}

function heldFault(name: string, { holders, oneAtATime, enforce, release }: Hold): Fault {
  return {
    name,
    inject: (injecting) =>
      oneAtATime(async () => {
        injecting.throwIfAborted();
        const token = Symbol(name);
        holders.add(token);
        try {
          await enforce();
        } catch (error) {
          holders.delete(token);
          throw error;
        }
        return activeFault(() =>
          oneAtATime(async () => {
            if (holders.delete(token) && holders.size === 0) await release();
          }),
        );
      }),
  };
}

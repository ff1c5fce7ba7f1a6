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
  const outages = new Set<symbol>();
  const pauses = new Set<symbol>();
  let current = await start(signal);
  let last: Promise<unknown> = Promise.resolve();

  function oneAtATime<T>(act: () => Promise<T>): Promise<T> {
    const result = last.then(act);
    last = result.catch(() => undefined);
    return result;
  }

  function fault(
    name: string,
    holders: Set<symbol>,
    enforce: () => Promise<void>,
    release: () => Promise<void>,
  ): Fault {
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
              if (holders.delete(token) && holders.size === 0 && !closing.signal.aborted) await release();
            }),
          );
        }),
    };
  }

  return {
    current: () => current,
    outage: (name, end) =>
      fault(
        name,
        outages,
        async () => {
          if (current.alive()) await end(current);
          await current.killTree();
        },
        async () => {
          if (!current.alive()) current = await start(closing.signal);
        },
      ),
    pause: (name) =>
      fault(
        name,
        pauses,
        () => current.pause(),
        async () => current.resume(),
      ),
    async down() {
      closing.abort();
      await oneAtATime(() => current.killTree());
    },
  };
}

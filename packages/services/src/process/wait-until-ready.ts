import { setTimeout as delay } from 'node:timers/promises';
import { EnvironmentError, machineFix } from '@chaos/spec';
import type { ServiceProcess } from './spawn-service.js';

/** Options of {@link waitUntilReady}. */
export interface WaitUntilReadyOptions {
  readonly what: string;
  readonly process: ServiceProcess;
  /** Resolves when the service answers correctly; its last rejection is reported if time runs out. */
  readonly probe: (signal: AbortSignal) => Promise<void>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Resolves when the service answers; throws `EnvironmentError` with the end of its log if its process ends first or
 * time runs out.
 */
export async function waitUntilReady({
  what,
  process,
  probe,
  timeoutMs,
  signal,
}: WaitUntilReadyOptions): Promise<void> {
  const startMs = performance.now();
  let last: unknown;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeoutMs);
  void process.exited.then(() => stop.abort());
  const waiting = AbortSignal.any([signal, stop.signal]);
  try {
    for (;;) {
      try {
        return await probe(waiting);
      } catch (cause) {
        signal.throwIfAborted();
        if (!process.alive()) throw await endedEarly(what, process);
        // Waiting does not mend the machine.
        if (machineFix(cause) !== undefined)
          throw notReady(what, Math.round(performance.now() - startMs), cause, process);
        // A probe that time cut short tells of the cut, not of the server.
        if (!stop.signal.aborted) last = cause;
        else if (performance.now() - startMs >= timeoutMs) throw notReady(what, timeoutMs, last, process);
      }
      await delay(5);
    }
  } finally {
    clearTimeout(timer);
  }
}

function notReady(what: string, timeoutMs: number, cause: unknown, process: ServiceProcess): EnvironmentError {
  const log = process.logTail(20);
  const hint = machineFix(cause);
  const why = cause instanceof Error ? cause.message : 'no answer within this time';
  return new EnvironmentError(`Cannot start ${what}: it is not ready after ${timeoutMs} ms (${why})\n${log}`, {
    cause,
    data: { log },
    ...(hint !== undefined && { hint }),
  });
}

async function endedEarly(what: string, process: ServiceProcess): Promise<EnvironmentError> {
  const { code, signal } = await process.exited;
  const log = process.logTail(20);
  return new EnvironmentError(
    `Cannot start ${what}: it ended with ${signal ?? `exit code ${code}`} before it was ready\n${log}`,
    { data: { code, signal, log } },
  );
}

import { setTimeout as wait } from 'node:timers/promises';
import { EnvironmentError } from '@chaos/spec';
import type { ServiceProcess } from '../../process/spawn-service.js';
import { lastOutput } from '../last-output.js';
import { howItEnded } from '../watch/how-it-ended.js';
import type { ReadyProbe } from './ready-probe.js';

const INTERVAL_MS = 20;
const ANSWER_MS = 2000;
const FAIR_MS = 250;
const LOG_LINES = 30;

/** Resolves when a probe finds it ready; throws `EnvironmentError` when the process ends before, or after `timeoutMs`. */
export async function waitUntilReady({
  process,
  what,
  probe,
  timeoutMs,
  signal,
}: {
  process: ServiceProcess;
  /** What the probe asks, for people. */
  what: string;
  probe: ReadyProbe;
  timeoutMs: number;
  signal: AbortSignal;
}): Promise<void> {
  const over = new AbortController();
  const ended = process.exited.then((exit) => {
    over.abort();
    return exit;
  });
  const stop = AbortSignal.any([signal, over.signal]);
  const giveUpMs = performance.now() + timeoutMs;
  let answer = 'none';
  while (!stop.aborted) {
    const leftMs = giveUpMs - performance.now();
    if (leftMs <= 0)
      throw new EnvironmentError(
        `Cannot get the target ready within ${timeoutMs} ms: the last answer of ${what} is ${answer}${lastOutput(process.logTail(LOG_LINES))}`,
        { data: { what, timeoutMs, answer } },
      );
    const budgetMs = Math.ceil(Math.min(leftMs, ANSWER_MS));
    const last = await probe(budgetMs, stop);
    if (last.ready) return;
    // A last attempt that our own deadline cut short says less than the answer before it.
    if (!stop.aborted && (answer === 'none' || budgetMs >= FAIR_MS)) answer = last.answer;
    await wait(INTERVAL_MS, undefined, { signal: stop }).catch(() => undefined);
  }
  signal.throwIfAborted();
  const exit = await ended;
  throw new EnvironmentError(
    `Cannot get the target ready: it exited ${howItEnded(exit)}${lastOutput(process.logTail(LOG_LINES))}`,
    {
      data: { what, exitCode: exit.code, exitSignal: exit.signal },
    },
  );
}

import { setTimeout as wait } from 'node:timers/promises';
import { missingProgram } from '@chaos/env';
import { EnvironmentError } from '@chaos/spec';
import type { ProcessExit, ServiceProcess } from '../../process/spawn-service.js';
import { lastOutput } from '../last-output.js';
import { howItEnded } from '../watch/how-it-ended.js';
import { withLastError } from '../watch/last-error.js';
import type { ReadyProbe } from './ready-probe.js';

const INTERVAL_MS = 20;
const ANSWER_MS = 2000;
const FAIR_MS = 250;
const LOG_LINES = 30;
/** Exit code of a shell that does not find the program. */
const NOT_FOUND = 127;

/**
 * Resolves when a probe finds it ready; throws `EnvironmentError` when the process ends before, or after `timeoutMs`.
 */
export async function waitUntilReady({
  process,
  what,
  probe,
  timeoutMs,
  signal,
  command,
  stretched,
  title = 'the target',
}: {
  process: ServiceProcess;
  /** What the probe asks, for people. */
  what: string;
  probe: ReadyProbe;
  timeoutMs: number;
  /** How `timeoutMs` came about, where it is not as written: `3000 ms × 1.7`. */
  stretched?: string | undefined;
  /** As it was started, without what we put around it. */
  command: readonly [string, ...string[]];
  signal: AbortSignal;
  /** Of the program, for people. */
  title?: string;
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
        `Cannot get ${title} ready within ${timeoutMs} ms${stretched === undefined ? '' : ` (${stretched})`}: the last answer of ${what} is ` +
          `${answer}${lastOutput(process.logTail(LOG_LINES))}`,
        { data: { what, timeoutMs, answer }, hint: hintOn(command) },
      );
    const budgetMs = Math.ceil(Math.min(leftMs, ANSWER_MS));
    const last = await probe(budgetMs, stop);
    if (last.ready) return;
    // A last attempt that our own deadline cut short says less than the answer before it.
    if (!stop.aborted && (answer === 'none' || budgetMs >= FAIR_MS)) answer = last.answer;
    await wait(INTERVAL_MS, undefined, { signal: stop }).catch(() => undefined);
  }
  signal.throwIfAborted();
  throw exitedEarly(await ended, { title, what, command, printed: withLastError(process.logTail(), LOG_LINES) });
}

function exitedEarly(
  exit: ProcessExit,
  {
    title,
    what,
    command,
    printed,
  }: { readonly title: string; readonly what: string; readonly command: readonly string[]; readonly printed: string },
): EnvironmentError {
  // We are the ones who run it through a shell, so its words would puzzle.
  const isMissing = exit.code === NOT_FOUND && missingProgram(printed) === command[0];
  const why = isMissing
    ? `${command[0]} is not installed, or not on PATH`
    : `it exited ${howItEnded(exit)}${lastOutput(printed)}`;
  return new EnvironmentError(`Cannot get ${title} ready: ${why}`, {
    data: { what, exitCode: exit.code, exitSignal: exit.signal },
    hint: hintOn(command),
  });
}

function hintOn(command: readonly string[]): string {
  const words = command.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : JSON.stringify(word)));
  return `It was started as ${words.join(' ')}. chaos doctor shows what this machine lacks.`;
}

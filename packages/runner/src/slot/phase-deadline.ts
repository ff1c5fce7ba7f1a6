import { EnvironmentError } from '@chaos/spec';

/** More than any of our own fixtures takes: a download, a start on a busy machine, the seed of a target. */
const PHASE_MS = 300_000;
const LONGEST_MS = 2 ** 31 - 1;

/** One phase of a slot fixture: a method of it that runs. */
export interface Phase {
  readonly fixture: string;
  readonly method: 'up' | 'snapshot' | 'beforeReset' | 'reset' | 'check' | 'down';
  /** What the fixture allows itself, ms. */
  readonly timeoutMs: number | undefined;
  readonly deadlineFactor: number;
  readonly signal: AbortSignal;
}

/** Runs a phase to its end. Past its deadline, aborts its signal and throws `EnvironmentError` with its name. */
export async function inTime<T>(phase: Phase, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { fixture, method, timeoutMs = PHASE_MS, deadlineFactor, signal } = phase;
  const limitMs = Math.min(LONGEST_MS, Math.round(timeoutMs * deadlineFactor));
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new EnvironmentError(
        `Cannot wait any longer for the slot fixture "${fixture}": its ${method}() has not settled within ${limitMs} ms`,
        { hint: 'It is told by its signal to end. What takes longer needs a larger timeoutMs in the fixture.' },
      );
      late.abort(error);
      reject(error);
    }, limitMs);
  });
  try {
    return await Promise.race([run(AbortSignal.any([signal, late.signal])), expired]);
  } finally {
    clearTimeout(timer);
  }
}

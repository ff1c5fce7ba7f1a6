import { AsyncLocalStorage } from 'node:async_hooks';
import type { StepResult } from '@chaos/spec';
import { monotonicMs, startTimer, stopTimer, wallMs } from '../real-time.js';
import { serializeError } from '../serialize-error.js';
import { currentTest } from './current-test.js';

type Mutable = { -readonly [K in keyof StepResult]: K extends 'steps' ? Mutable[] : StepResult[K] };

const active = new AsyncLocalStorage<Mutable>();

/** `test.step`: a named part of a test, nested by the async context. Its time-out is in milliseconds. */
export async function runStep<T>(title: string, body: () => T | Promise<T>, options: { readonly timeout?: number; readonly box?: boolean } = {}): Promise<T> {
  const info = currentTest('test.step()');
  const startMs = wallMs();
  const start = monotonicMs();
  const step: Mutable = { title, category: 'test.step', startMs, durationMs: -1, steps: [] };
  (active.getStore()?.steps ?? (info.steps as Mutable[])).push(step);
  let timer: NodeJS.Timeout | undefined;
  try {
    const running = active.run(step, async () => body());
    const { timeout: timeoutMs } = options;
    if (timeoutMs === undefined) return await running;
    const timeout = new Promise<never>((_, reject) => {
      timer = startTimer(() => reject(new Error(`Step timeout of ${timeoutMs}ms exceeded.`)), timeoutMs);
    });
    return await Promise.race([running, timeout]);
  } catch (error) {
    step.error = serializeError(error);
    throw error;
  } finally {
    stopTimer(timer);
    step.durationMs = monotonicMs() - start;
  }
}

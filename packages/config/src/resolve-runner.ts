import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { RunnerConfig } from '@chaos/spec';
import { isOverride } from './lookup.js';
import type { Recorder } from './recorder.js';

/** What the runner's settings depend on. */
export interface RunnerContext {
  readonly rootDir: string;
  readonly cwd: string;
  readonly usableCpus: number;
  /** Tries again as often as the environment says, where `runner.retries.count` says nothing. */
  readonly retryAttempts: number;
}

/** The runner's own settings. */
export function resolveRunner(recorder: Recorder, context: RunnerContext): RunnerConfig {
  const take = <T>(name: string): T => recorder.take<T>(`runner.${name}`);
  const retries = recorder.find<number>('runner.retries.count');
  const fallBack = recorder.provenance['retryAttempts'];
  if (retries === undefined && fallBack !== undefined) recorder.note('runner.retries.count', fallBack);
  const output = take<string>('outputDir');
  const outputFrom = recorder.provenance['runner.outputDir'];
  return {
    workers: workers(recorder, context.usableCpus),
    testTimeoutMs: take('testTimeoutMs'),
    globalTimeoutMs: take('globalTimeoutMs'),
    retries: {
      count: retries?.value ?? context.retryAttempts,
      delayMs: take('retries.delayMs'),
      backoff: take('retries.backoff'),
      jitter: take('retries.jitter'),
      timeoutFactor: take('retries.timeoutFactor'),
    },
    maxInconclusive: take('maxInconclusive'),
    requirePurpose: take('requirePurpose'),
    testMatch: take('testMatch'),
    testIgnore: take('testIgnore'),
    // What is typed is relative to where it is typed.
    outputDir: resolve(outputFrom !== undefined && isOverride(outputFrom) ? context.cwd : context.rootDir, output),
    seed: String(recorder.find<string | number>('runner.seed', 'default: random')?.value ?? randomBytes(8).toString('hex')),
  };
}

function workers(recorder: Recorder, usableCpus: number): number {
  const found = recorder.find<number | string>('runner.workers', `default: ${usableCpus} usable CPUs, from 1 to 4`);
  if (found === undefined) return Math.max(1, Math.min(4, Math.floor(usableCpus)));
  if (typeof found.value === 'number') return found.value;
  recorder.note('runner.workers', { ...found.provenance, source: `${found.provenance.source}, ${found.value} of ${usableCpus} usable CPUs` });
  return Math.max(1, Math.floor((usableCpus * Number.parseInt(found.value, 10)) / 100));
}

import { setTimeout as delay } from 'node:timers/promises';
import { sendSignal } from '@chaos/env/process';
import { EnvironmentError } from '@chaos/spec';
import { findMarked } from './find-marked.js';

const PATIENCE_MS = 2000;

/**
 * SIGKILLs every process that carries `variable=value` in its environment, also those whose parents are dead, until
 * none is left. Called by undo recipes, so it takes plain data.
 */
export async function killMarked({
  variable,
  value,
}: {
  readonly variable: string;
  readonly value: string;
}): Promise<void> {
  // It comes out of a file: anything wider would end processes of others.
  if (!/^CHAOS_[A-Z_]+$/.test(variable) || typeof value !== 'string' || value === '')
    throw new TypeError(
      `Cannot end processes by ${JSON.stringify(variable)}=${JSON.stringify(value)}: no mark of ours`,
    );
  const giveUpMs = performance.now() + PATIENCE_MS;
  for (let left = findMarked(variable, value); left.length > 0; left = findMarked(variable, value)) {
    if (performance.now() > giveUpMs)
      throw new EnvironmentError(
        `Cannot end processes ${left.map(({ pid }) => pid).join(', ')}: still running ${PATIENCE_MS} ms after SIGKILL`,
      );
    for (const reference of left) sendSignal(reference, 'SIGKILL');
    await delay(2);
  }
}

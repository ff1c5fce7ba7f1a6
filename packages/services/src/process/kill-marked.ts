import { setTimeout as delay } from 'node:timers/promises';
import { findMarked, sendSignal } from '@chaos/env/process';
import { EnvironmentError } from '@chaos/spec';

const PATIENCE_MS = 2000;

/**
 * Kills (SIGKILL) every process with `variable=value` in its environment, including orphans, until none is left. Undo
 * recipes call it, so it takes plain data.
 */
export async function killMarked({
  variable,
  value,
}: {
  readonly variable: string;
  readonly value: string;
}): Promise<void> {
  // The data comes from a file: a broader match would kill other users' processes.
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

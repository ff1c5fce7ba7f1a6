import { applyEnvironment } from '../ipc/apply-environment.js';
import type { EnvironmentChanges } from '../ipc/messages.js';

let known: Readonly<Record<string, string | undefined>> = { ...process.env };

/** Reports changes from now on. */
export function noteEnvironment(): void {
  known = { ...process.env };
}

/** Returns the changes of this process since the last call, and then applies those of others. */
export function exchangeEnvironment(others: EnvironmentChanges): EnvironmentChanges {
  const names = new Set([...Object.keys(known), ...Object.keys(process.env)]);
  const own = Object.fromEntries(
    [...names].filter((name) => known[name] !== process.env[name]).map((name) => [name, process.env[name] ?? null]),
  );
  applyEnvironment(others);
  noteEnvironment();
  return own;
}

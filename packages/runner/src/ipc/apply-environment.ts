import type { EnvironmentChanges } from './messages.js';

/** Changes the environment of this process. */
export function applyEnvironment(changes: EnvironmentChanges): void {
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete process.env[name];
    else process.env[name] = value;
  }
}

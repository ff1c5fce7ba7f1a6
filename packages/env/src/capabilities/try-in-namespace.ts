import type { Attempt } from './attempt.js';
import { missing, present, type Capability } from './capability.js';
import { packageOf } from '../missing-program.js';

/**
 * Trial for a part of the kernel or its tools: a script for `sh`, and instructions for getting the part if it fails.
 */
export interface NamespaceTrial {
  readonly script: string;
  readonly fix: string;
}

/** Runs a trial in its own namespace, which `space` (see `probeNamespace`) creates and which ends with it. */
export async function tryInNamespace(
  attempt: Attempt,
  space: readonly [string, ...string[]],
  { script, fix }: NamespaceTrial,
): Promise<Capability> {
  const result = await attempt([...space, 'sh', '-c', script]);
  if (result.ok) return present(`tried in a network namespace: ${script}`);
  // The tool is missing, not the kernel's part.
  return result.missing === undefined
    ? missing(`${script}: ${result.failure}`, fix)
    : missing(`${result.missing} is not installed`, `apt-get install ${packageOf(result.missing)}`);
}

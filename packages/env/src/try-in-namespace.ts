import type { Attempt } from './attempt.js';
import { missing, present, type Capability } from './capability.js';
import { packageOf } from './missing-program.js';

/** What shows that the kernel and its tools have a part: a script for `sh`, and how to get the part where it fails. */
export interface NamespaceTrial {
  readonly script: string;
  readonly fix: string;
}

/** Makes a trial in a namespace of its own, which `space` (see `probeNamespace`) makes and which vanishes with it. */
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

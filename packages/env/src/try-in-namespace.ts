import type { Attempt } from './attempt.js';
import { missing, present, type Capability } from './capability.js';

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
  // `sh` says "sh: 1: nft: not found": the tool is missing, not the kernel's part.
  const tool = /^sh: .*\b(\w+): (?:not found|Permission denied)$/.exec(result.failure)?.[1];
  return tool === undefined
    ? missing(`${script}: ${result.failure}`, fix)
    : missing(`${tool} is not installed`, toolFix(tool));
}

/** What installs `nft`, `tc` or `ip`. */
export function toolFix(tool: string): string {
  return `apt-get install ${tool === 'nft' ? 'nftables' : 'iproute2'}`;
}

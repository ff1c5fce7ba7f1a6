import type { Capabilities, CapabilityName } from '@chaos/env';
import type { Check } from './check.js';

/** Capabilities of faults of processes, and what they are for. */
const FAULTS: readonly (readonly [CapabilityName, string])[] = [
  ['cgroup', 'CPU quotas and memory limits'],
  ['strace', 'slow disks and failing system calls'],
  ['faketime', 'clocks that are wrong'],
];

/** Checks what faults of processes need: without it their tests are skipped. */
export function checkResources(capabilities: Capabilities): readonly Check[] {
  return FAULTS.map(([name, use]) => {
    const { available, reason, fix } = capabilities[name];
    const detail = `${use}: ${reason}`;
    return available
      ? { name, status: 'ok', detail }
      : { name, status: 'warn', detail: `${detail}; tests that need it are skipped`, fix };
  });
}

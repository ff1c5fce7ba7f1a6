import { detectCapabilities, type CapabilityName } from '@chaos/env';
import type { PlannedTest } from '../plan/planned-test.js';

/**
 * Tests that cannot run here, with the reason: skipped by declaration, or lacking a capability (which is tried, not
 * guessed).
 */
export async function skipUnmet(
  tests: readonly PlannedTest[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const reasons = new Map<string, string>();
  for (const { id, skipped } of tests) if (skipped !== undefined) reasons.set(id, skipped);
  if (tests.every(({ requires }) => requires.length === 0)) return reasons;
  const capabilities = await detectCapabilities({ signal });
  for (const { id, requires } of tests) {
    for (const name of requires) {
      const capability = capabilities[name as CapabilityName] as (typeof capabilities)[CapabilityName] | undefined;
      if (!capability)
        reasons.set(
          id,
          `requires "${name}", which is no capability that can be detected (${Object.keys(capabilities).join(', ')})`,
        );
      else if (!capability.available)
        reasons.set(id, `requires ${name}: ${capability.reason}${capability.fix ? ` (${capability.fix})` : ''}`);
    }
  }
  return reasons;
}

import { detectCapabilities, type Capability } from '@chaos/env';
import type { ServiceCapability } from '@chaos/spec';
import type { PlannedTest } from '../../plan/planned-test.js';

/**
 * Tests that cannot run here, with the reason: skipped by declaration, or lacking a capability (which is tried, not
 * guessed).
 *
 * @param own what services of the user's own look for
 */
export async function skipUnmet(
  tests: readonly PlannedTest[],
  own: readonly ServiceCapability[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const reasons = new Map<string, string>();
  for (const { id, skipped } of tests) if (skipped !== undefined) reasons.set(id, skipped);
  const required = new Set(tests.flatMap(({ requires }) => requires));
  if (required.size === 0) return reasons;
  const capabilities: Readonly<Record<string, Omit<Capability, 'fix'> & { readonly fix?: string }>> = {
    ...Object.fromEntries(
      await Promise.all(
        own
          .filter(({ name }) => required.has(name))
          .map(async (each) => [each.name, await each.detect(signal)] as const),
      ),
    ),
    ...(await detectCapabilities({ signal })),
  };
  for (const { id, requires } of tests) {
    for (const name of requires) {
      const capability = capabilities[name];
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

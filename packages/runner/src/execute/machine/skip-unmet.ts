import { detectCapabilities, type Capability } from '@chaos/env';
import type { PlannedTest } from '../../plan/planned-test.js';
import type { RunOptions } from '../../run-options.js';

/**
 * Tests that cannot run here, with the reason: skipped by declaration, or lacking an operation or a service of the
 * target, or a capability (which is tried, not guessed).
 *
 * @param options `capabilities`: what services of the user's own look for; with `remote`, the machines that run the
 *   tests are asked instead of this one
 */
export async function skipUnmet(
  tests: readonly PlannedTest[],
  { capabilities: own = [], remote }: Pick<RunOptions, 'capabilities' | 'remote'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const reasons = new Map<string, string>();
  for (const { id, skipped, unmet } of tests) {
    const reason = skipped ?? unmet;
    if (reason !== undefined) reasons.set(id, reason);
  }
  const required = new Set(tests.flatMap(({ requires }) => requires));
  if (required.size === 0 || remote) return reasons;
  const [shipped, ...others] = await Promise.all([
    detectCapabilities({ signal }),
    ...own
      .filter(({ name }) => required.has(name))
      .map(async (each) => [each.name, await each.detect(signal)] as const),
  ]);
  const capabilities: Record<string, Omit<Capability, 'fix'> & { readonly fix?: string }> = { ...shipped };
  // What two look for is there if both find it: the program, and a kernel that lets it work.
  for (const [name, found] of others) if (capabilities[name]?.available !== false) capabilities[name] = found;
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

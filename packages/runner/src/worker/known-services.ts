import { nearest, UsageError, type ResolvedConfig } from '@chaos/spec';

/**
 * Refuses services that no configuration has: a test that depends on one would be skipped for ever, and nobody would
 * notice.
 *
 * @throws UsageError with what was meant
 */
export function assertKnownServices(wanted: readonly string[], { services }: Pick<ResolvedConfig, 'services'>): void {
  const known = Object.keys(services);
  const strange = wanted.find((name) => !known.includes(name));
  if (strange === undefined) return;
  const meant = nearest(strange, known);
  const guess = meant === undefined ? '' : `, did you mean "${meant}"?`;
  throw new UsageError(`Cannot run a test with services: ["${strange}"]: there is no such service${guess}`, {
    hint: `Services are ${known.join(', ')}.`,
  });
}

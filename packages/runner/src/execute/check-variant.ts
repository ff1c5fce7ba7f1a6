import { UsageError } from '@chaos/spec';
import type { RunOptions } from '../run-options.js';

/** @throws UsageError for a variant that the target does not have */
export function checkVariant({ variant, config }: Pick<RunOptions, 'variant' | 'config'>): void {
  const known = Object.keys(config.target.variants);
  if (variant === undefined || known.includes(variant)) return;
  throw new UsageError(
    `Cannot run the variant "${variant}": the target has ${known.length === 0 ? 'no variants' : `only ${known.join(', ')}`}`,
    { hint: 'Variants are listed under target.variants in chaos.yaml.' },
  );
}

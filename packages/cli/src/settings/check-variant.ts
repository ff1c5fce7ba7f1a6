import { nearest, type ResolvedConfig, UsageError } from '@chaos/spec';

/** Returns the variant if the target has it. @throws UsageError that lists the known ones if not */
export function checkVariant(
  variant: string | undefined,
  { target }: Pick<ResolvedConfig, 'target'>,
): { readonly variant?: string } {
  if (variant === undefined) return {};
  if (Object.hasOwn(target.variants, variant)) return { variant };
  const known = Object.keys(target.variants);
  const meant = nearest(variant, known);
  throw new UsageError(
    `Unknown variant ${JSON.stringify(variant)}${meant === undefined ? '' : `: did you mean ${meant}?`}`,
    {
      hint:
        known.length === 0
          ? 'There are none: add target.variants to chaos.yaml.'
          : `Known variants: ${known.join(', ')}`,
    },
  );
}

import { UsageError } from '@chaos/spec';

/** What `{…}` may stand for in the target's command and environment. */
export const PLACEHOLDERS = [
  'postgres.url',
  'redis.url',
  'jwks.url',
  'jwks.issuer',
  'jwks.audience',
  'port',
  'connection_pool_size',
  'timeout_ms',
] as const;

/** The values that are there; a service that is not used has none. */
export type PlaceholderValues = Readonly<Partial<Record<(typeof PLACEHOLDERS)[number], string | number>>>;

/**
 * Replaces each `{name}` in `template`. Braces around anything but a name are left alone, so JSON passes through.
 *
 * @throws `UsageError` for a name that is unknown, or has no value here.
 */
export function substitute(template: string, values: PlaceholderValues): string {
  return template.replace(/\{([A-Za-z][\w.]*)\}/g, (placeholder, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name as keyof PlaceholderValues] : undefined;
    if (value !== undefined) return String(value);
    const known = PLACEHOLDERS.map((candidate) => `{${candidate}}`).join(' ');
    if ((PLACEHOLDERS as readonly string[]).includes(name))
      throw new UsageError(
        `Cannot substitute ${placeholder} in ${JSON.stringify(template)}: the target has no such service`,
      );
    throw new UsageError(
      `Cannot substitute ${placeholder} in ${JSON.stringify(template)}: no placeholder has this name`,
      { hint: `Known are ${known}.` },
    );
  });
}

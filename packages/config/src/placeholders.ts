/** What values of the target may hold, and which service each needs. */
export const PLACEHOLDERS: Readonly<Record<string, 'postgres' | 'redis' | 'jwks' | undefined>> = {
  'postgres.url': 'postgres',
  'redis.url': 'redis',
  'jwks.url': 'jwks',
  'jwks.issuer': 'jwks',
  'jwks.audience': 'jwks',
  port: undefined,
  connection_pool_size: undefined,
  timeout_ms: undefined,
};

/**
 * Names in braces, in order. JSON and empty braces are not placeholders: a name starts with a letter and holds no
 * quotes.
 */
export function placeholdersIn(text: string): readonly string[] {
  return [...text.matchAll(/\{([A-Za-z][\w.]*)\}/g)].map((match) => match[1] ?? '');
}

import type { ServiceDescription } from '@chaos/spec';

/** Placeholders in values of the target, and the service that each needs. */
export function placeholdersOf(services: readonly ServiceDescription[]): Readonly<Record<string, string | undefined>> {
  return {
    ...Object.fromEntries(
      services.flatMap(({ name, placeholders = [] }) =>
        ['url', 'host', 'port', ...placeholders].map((key): [string, string] => [`${name}.${key}`, name]),
      ),
    ),
    port: undefined,
    connection_pool_size: undefined,
    timeout_ms: undefined,
  };
}

/**
 * Names in braces, in order. JSON and empty braces are not placeholders: a name starts with a letter and contains no
 * quotes.
 */
export function placeholdersIn(text: string): readonly string[] {
  return [...text.matchAll(/\{([A-Za-z][\w.]*)\}/g)].map((match) => match[1] ?? '');
}

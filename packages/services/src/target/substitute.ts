import { UsageError } from '@chaos/spec';

/** Values of the placeholders `{…}` in the target's command and environment, by name; unused services have none. */
export type PlaceholderValues = Readonly<Record<string, string | number>>;

/**
 * Replaces each `{name}` in `template`. Braces around anything but a name are left alone, so JSON passes through.
 *
 * @throws `UsageError` for a name that has no value here.
 */
export function substitute(template: string, values: PlaceholderValues): string {
  return template.replace(/\{([A-Za-z][\w.]*)\}/g, (placeholder, name: string) => {
    if (Object.hasOwn(values, name)) return String(values[name]);
    throw new UsageError(
      `Cannot substitute ${placeholder} in ${JSON.stringify(template)}: no placeholder of this target has this name`,
      {
        hint: `Known are ${Object.keys(values)
          .map((known) => `{${known}}`)
          .join(' ')}.`,
      },
    );
  });
}

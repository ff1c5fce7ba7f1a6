/**
 * Something that is equal (`===`, as a key of a `Map`) exactly where two values are: a primitive itself, anything else
 * its JSON with sorted keys. `undefined` counts as `null`, as Jepsen's `nil` does. -0 is 0.
 */
export function identify(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  // A string that looks like the JSON of another value must stay apart from it.
  if (typeof value === 'string') return value.charCodeAt(0) === 0 ? `\0"${value}` : value;
  return typeof value === 'object' ? `\0${JSON.stringify(value, sorted)}` : value;
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { bigint: `${value}` };
  if (value instanceof Set) return { set: [...value].map((one) => JSON.stringify(one, sorted)).sort() };
  if (value instanceof Map) return { map: [...value].map((one) => JSON.stringify(one, sorted)).sort() };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

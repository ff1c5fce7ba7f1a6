/** A configuration as written: snake_case keys, checked against the schema, everything optional. */
export type RawConfig = Readonly<Record<string, unknown>>;

/** Keys that lead to a value in a {@link RawConfig}. */
export type Path = readonly string[];

/** True for a map, as opposed to a list or a single value. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path; `undefined` if there is none. */
export function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    data,
  );
}

/** A map that contains only `value`, at `path`. */
export function mapWith(path: Path, value: unknown): unknown {
  return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
}

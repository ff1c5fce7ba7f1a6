/**
 * The list or record with each member replaced by what `map` gives; itself where that changes none, so that the events
 * of a large run are copied only where they must be. The key of a list's members is the list's own, `key`.
 */
export function mapMembers(value: object, key: string, map: (member: unknown, key: string) => unknown): object {
  if (Array.isArray(value)) {
    let items: unknown[] | undefined;
    for (let index = 0; index < value.length; index++) {
      const mapped = map(value[index], key);
      if (mapped !== value[index]) (items ??= [...(value as unknown[])])[index] = mapped;
    }
    return items ?? value;
  }
  const record = value as Readonly<Record<string, unknown>>;
  let fields: Record<string, unknown> | undefined;
  for (const name of Object.keys(record)) {
    const mapped = map(record[name], name);
    if (mapped !== record[name]) (fields ??= { ...record })[name] = mapped;
  }
  return fields ?? value;
}

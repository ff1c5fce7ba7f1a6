/** A value as the cache keeps it; `undefined`: it is known that there is none. */
export interface CacheEntry<Value> {
  readonly value: Value | undefined;
}

/** Reads what the cache has under a key; `undefined` for anything that was not written there for this key. */
export type DecodeEntry<Value> = (text: string, key: string) => CacheEntry<Value> | undefined;

/** Writes an entry with its key, so that one that comes to lie under another key is found out. */
export function encodeEntry(key: string, value: unknown): string {
  return JSON.stringify({ key, value: value ?? null });
}

/** Decodes entries whose values pass the check. */
export function entryDecoder<Value>(isValue: (value: unknown) => value is Value): DecodeEntry<Value> {
  return (text, key) => {
    try {
      const entry = JSON.parse(text) as { readonly key?: unknown; readonly value?: unknown } | null;
      if (entry?.key !== key || entry.value === undefined) return undefined;
      if (entry.value === null) return { value: undefined };
      return isValue(entry.value) ? { value: entry.value } : undefined;
    } catch {
      return undefined;
    }
  };
}

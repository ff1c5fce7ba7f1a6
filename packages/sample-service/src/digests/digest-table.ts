/** A cache of digests in memory that threads share. */
export interface DigestTable {
  /** The digest of a key; `undefined` if another key has its place, or a thread is writing it. */
  get(key: Uint8Array): Uint8Array | undefined;
  set(key: Uint8Array, digest: Uint8Array): void;
}

/** Length of keys and digests, in bytes. */
export const LENGTH = 32;
/** Places for entries. */
export const SLOTS = 16;
const ENTRY = LENGTH * 2;

/** Bytes of a table. */
export const tableBytes: number = SLOTS * 4 + SLOTS * ENTRY;

/**
 * A table in shared memory. Each place has a version: odd while a thread writes it. A reader copies the entry and
 * believes the copy only if the version was even and is still the same.
 */
export function digestTable(memory: SharedArrayBuffer): DigestTable {
  const versions = new Int32Array(memory, 0, SLOTS);
  const bytes = new Uint8Array(memory, SLOTS * 4);
  const slotOf = (key: Uint8Array): number => (key[0] ?? 0) % SLOTS;
  return {
    get(key) {
      const slot = slotOf(key);
      const before = Atomics.load(versions, slot);
      if (before % 2 !== 0) return undefined;
      const entry = bytes.slice(slot * ENTRY, (slot + 1) * ENTRY);
      if (Atomics.load(versions, slot) !== before) return undefined;
      return key.every((byte, index) => entry[index] === byte) ? entry.slice(LENGTH) : undefined;
    },
    set(key, digest) {
      const slot = slotOf(key);
      const version = Atomics.load(versions, slot);
      // Another thread is writing: its entry is as good.
      if (version % 2 !== 0 || Atomics.compareExchange(versions, slot, version, version + 1) !== version) return;
      bytes.set(key, slot * ENTRY);
      bytes.set(digest, slot * ENTRY + LENGTH);
      Atomics.store(versions, slot, version + 2);
    },
  };
}

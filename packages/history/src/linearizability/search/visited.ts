/** Configurations that the search has met: a head that must be equal, and counts of which fewer is at least as good. */
export interface Visited {
  /**
   * True if the configuration is no better than one that is known; if it is better, or new, it is known from now on.
   */
  covers(head: Int32Array, counts: Int16Array): boolean;
}

const NONE = -1;
const FIRST_CAPACITY = 1024;

/**
 * A hash table of configurations. Those with the same head (front, state, operations that are done) form a chain; of
 * two with the same head the one that used up fewer unfinished operations can do all that the other can, so only the
 * former is kept.
 */
export function createVisited(headLength: number, countLength: number): Visited {
  let capacity = FIRST_CAPACITY;
  let buckets = new Int32Array(capacity * 2).fill(NONE);
  let heads = new Int32Array(capacity * headLength);
  let counts = new Int16Array(capacity * countLength);
  let chain = new Int32Array(capacity);
  let size = 0;

  const hash = (array: Int32Array, from: number): number => {
    let mixed = 0x9e3779b9;
    for (let index = 0; index < headLength; index++) {
      mixed = Math.imul(mixed ^ (array[from + index] as number), 0x85ebca6b);
      mixed ^= mixed >>> 15;
    }
    mixed = Math.imul(mixed, 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) & (buckets.length - 1);
  };
  const sameHead = (entry: number, head: Int32Array): boolean => {
    const from = entry * headLength;
    for (let index = 0; index < headLength; index++) if (heads[from + index] !== head[index]) return false;
    return true;
  };
  const grow = (): void => {
    capacity *= 2;
    heads = extend(heads, new Int32Array(capacity * headLength));
    counts = extend(counts, new Int16Array(capacity * countLength));
    chain = new Int32Array(capacity);
    buckets = new Int32Array(capacity * 2).fill(NONE);
    for (let entry = 0; entry < size; entry++) link(entry, hash(heads, entry * headLength));
  };
  const link = (entry: number, bucket: number): void => {
    chain[entry] = buckets[bucket] as number;
    buckets[bucket] = entry;
  };

  return {
    covers(head, used) {
      let bucket = hash(head, 0);
      for (let entry = buckets[bucket] as number; entry !== NONE; entry = chain[entry] as number) {
        if (!sameHead(entry, head)) continue;
        const order = compare(counts, entry * countLength, used);
        if (order === 'covers') return true;
        if (order === 'covered') {
          counts.set(used, entry * countLength);
          return false;
        }
      }
      if (size === capacity) {
        grow();
        bucket = hash(head, 0);
      }
      heads.set(head, size * headLength);
      counts.set(used, size * countLength);
      link(size++, bucket);
      return false;
    },
  };
}

function compare(known: Int16Array, from: number, used: Int16Array): 'covers' | 'covered' | 'neither' {
  let more = false;
  let fewer = false;
  for (let index = 0; index < used.length; index++) {
    const difference = (known[from + index] as number) - (used[index] as number);
    if (difference > 0) more = true;
    else if (difference < 0) fewer = true;
    if (more && fewer) return 'neither';
  }
  return more ? 'covered' : 'covers';
}

function extend<T extends Int32Array | Int16Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

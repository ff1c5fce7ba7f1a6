const FIRST_CAPACITY = 1024;
const MOST_IN_ROWS = 1 << 18;
const FIELDS = 3;

/** Result of {@link StepCache.get} for a step that was not taken yet. */
export const UNTRIED = -2;

/** Results of steps by state and kind. */
export interface StepCache {
  /** State after the operation, as it was put, or {@link UNTRIED}. */
  get(state: number, kind: number): number;
  /** Keeps the result of a step that was {@link UNTRIED}. */
  put(state: number, kind: number, after: number): void;
}

/**
 * A cache for so many kinds of operations. The first states have a row of all kinds each, the fastest there is; of the
 * others, of which a search may meet millions, only what was tried is kept.
 */
export function createStepCache(kinds: number): StepCache {
  const mostRows = Math.trunc(MOST_IN_ROWS / Math.max(1, kinds));
  let rows = new Int32Array(FIRST_CAPACITY).fill(UNTRIED);
  const table = createTable();
  return {
    get(state, kind) {
      if (state >= mostRows || kind >= kinds) return table.get(state, kind);
      const at = state * kinds + kind;
      return at < rows.length ? (rows[at] as number) : UNTRIED;
    },
    put(state, kind, after) {
      if (state >= mostRows || kind >= kinds) {
        table.put(state, kind, after);
        return;
      }
      const at = state * kinds + kind;
      if (at >= rows.length) rows = extend(rows, at + 1);
      rows[at] = after;
    },
  };
}

function extend(rows: Int32Array, least: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(Math.max(least, rows.length * 2));
  longer.set(rows);
  return longer.fill(UNTRIED, rows.length);
}

// An open hash table of state, kind and result.
function createTable(): StepCache {
  let mask = FIRST_CAPACITY - 1;
  let cells: Int32Array | undefined;
  let size = 0;

  const place = (known: Int32Array, state: number, kind: number): number => {
    const hash = Math.imul(Math.imul(state, 0x9e3779b1) ^ kind, 0x85ebca6b);
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const at = slot * FIELDS;
      if (known[at] === UNTRIED || (known[at] === state && known[at + 1] === kind)) return at;
      slot = (slot + 1) & mask;
    }
  };
  const set = (into: Int32Array, state: number, kind: number, after: number): void => {
    const at = place(into, state, kind);
    into[at] = state;
    into[at + 1] = kind;
    into[at + 2] = after;
  };
  const grow = (known: Int32Array): Int32Array => {
    mask = mask * 2 + 1;
    const larger = new Int32Array((mask + 1) * FIELDS).fill(UNTRIED);
    for (let at = 0; at < known.length; at += FIELDS)
      if (known[at] !== UNTRIED) set(larger, known[at] as number, known[at + 1] as number, known[at + 2] as number);
    return larger;
  };

  return {
    get: (state, kind) => (cells === undefined ? UNTRIED : (cells[place(cells, state, kind) + 2] as number)),
    put(state, kind, after) {
      cells ??= new Int32Array(FIRST_CAPACITY * FIELDS).fill(UNTRIED);
      if (++size * 2 > mask) cells = grow(cells);
      set(cells, state, kind, after);
    },
  };
}

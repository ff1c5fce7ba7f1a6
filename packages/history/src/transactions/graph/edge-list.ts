import { bytes, grown, integers } from '../log/columns.js';

/** Edges under construction: three columns that grow, no object per edge. */
export interface EdgeList {
  readonly size: number;
  add(from: number, to: number, type: number): void;
  /** The columns so far; not copies. */
  columns(): {
    readonly from: Int32Array;
    readonly to: Int32Array;
    readonly type: Uint8Array;
  };
}

/** An empty list with room for this many edges; it grows where there are more. */
export function createEdgeList(capacity = 1024): EdgeList {
  let from = integers(capacity);
  let to = integers(capacity);
  let type = bytes(capacity);
  let size = 0;
  return {
    get size() {
      return size;
    },
    add(source, target, mask) {
      if (size === from.length) {
        const room = size * 2 + 16;
        from = grown(from, integers(room));
        to = grown(to, integers(room));
        type = grown(type, bytes(room));
      }
      from[size] = source;
      to[size] = target;
      type[size++] = mask;
    },
    columns: () => ({ from: from.subarray(0, size), to: to.subarray(0, size), type: type.subarray(0, size) }),
  };
}

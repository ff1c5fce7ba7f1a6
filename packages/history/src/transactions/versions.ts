/** The version before the first write. */
export const INITIAL = -1;
/** A read that says nothing: its transaction did not end `ok`. */
export const UNKNOWN = -2;

/** The place of a write that certainly happened and that no read shows: after all that was read, in no known order with its like. */
export const LAST = 0x7fffffff;

/** What was written, as small integers, and the order that the reads reveal. The graph and the explanations rest on it alone. */
export interface Versions {
  /** Of each step: the version it wrote or read, {@link INITIAL} or {@link UNKNOWN}. */ readonly ofStep: Int32Array;
  /** The step that wrote a version; -1 for what nobody wrote. */ readonly step: Int32Array;
  /** Place of a version in its key's order, from 0; {@link LAST}, or -1 where nothing is known. */ readonly place: Int32Array;
  /** Of each transaction: whether it certainly happened, because it ended `ok` or because a read shows a write of it. */ readonly happened: Uint8Array;
  readonly value: readonly unknown[];
  readonly key: readonly number[];
  readonly count: number;
}

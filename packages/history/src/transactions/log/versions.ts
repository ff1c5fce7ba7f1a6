/** The version before the first write. */
export const INITIAL = -1;
/** A read that says nothing: its transaction did not end `ok`. */
export const UNKNOWN = -2;

/**
 * What was written, as small integers, and the order that the reads reveal. The graph and the explanations rest on it
 * alone.
 */
export interface Versions {
  /** Of each step: the version it wrote or read, {@link INITIAL} or {@link UNKNOWN}. */
  readonly ofStep: Int32Array;
  /** The step that wrote a version; -1 for what nobody wrote. */
  readonly step: Int32Array;
  /**
   * Of each transaction: whether it certainly happened, because it ended `ok` or because a read shows a write of it.
   */
  readonly happened: Uint8Array;
  /** The value that was written. */
  value(version: number): unknown;
  readonly key: Int32Array;
  readonly count: number;
  /**
   * Distance of one version to a later one of the same key, 1 for the next; `Infinity` where it is not known to be
   * before it.
   */
  distance(earlier: number, later: number): number;
  /** The two transactions whose order tells that one version is before another, where nothing else does. */
  readonly witnesses?: (earlier: number, later: number) => readonly [number, number] | undefined;
  /** Where versions hold the earlier ones: the last before one that others wrote, or {@link INITIAL}. */
  beneath?(version: number): number;
  /** The step that wrote a version of a key between two others, as far as the order tells; else -1. */
  between?(earlier: number, later: number, key: number): number;
}

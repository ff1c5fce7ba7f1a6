import { INITIAL, UNKNOWN } from '../log/versions.js';
import type { Versions } from '../log/versions.js';

/**
 * The place of a write that certainly happened and that no read shows: after all that was read, in no known order with
 * its like.
 */
export const LAST = 0x7fffffff;

interface Placed {
  readonly place: Int32Array;
  readonly happened: Uint8Array;
  readonly order: readonly Int32Array[];
  readonly key: Int32Array;
  readonly step: Int32Array;
  readonly writer: (version: number) => number;
}

/** Relations of two versions by their places in their lists. */
export function relateVersions({
  place,
  happened,
  order,
  key,
  step,
  writer,
}: Placed): Required<Pick<Versions, 'distance' | 'beneath' | 'between'>> {
  return {
    distance(earlier, later) {
      const from = earlier === INITIAL ? INITIAL : place[earlier]!;
      if ((earlier !== INITIAL && from === -1) || place[later]! <= from) return Infinity;
      return place[later]! - from;
    },
    beneath(version) {
      const versions = order[key[version]!]!;
      let at = place[version]!;
      if (at === -1 || at === LAST) return UNKNOWN;
      while (at >= 0 && writer(versions[at]!) === writer(version)) at--;
      return at < 0 ? INITIAL : versions[at]!;
    },
    between(earlier, later, k) {
      if (earlier !== INITIAL && (place[earlier] === -1 || place[earlier] === LAST)) return -1;
      const next = order[k]![earlier === INITIAL ? 0 : place[earlier]! + 1];
      if (next === undefined || place[later]! <= place[next]!) return -1;
      return writer(next) !== -1 && happened[writer(next)] === 1 ? step[next]! : -1;
    },
  };
}

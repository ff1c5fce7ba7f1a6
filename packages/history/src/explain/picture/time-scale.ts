/** Space needed between two moments. */
export interface Span {
  readonly fromNs: number;
  readonly toNs: number;
  readonly widthPx: number;
}

/** Maps nanoseconds to pixels. */
export interface TimeScale {
  readonly widthPx: number;
  /** The moments in between which it is linear, ascending. */
  readonly moments: readonly number[];
  x(ns: number): number;
}

const SHORTEST_PX = 26;
const LONGEST_PX = 130;

/**
 * A scale that keeps the order of moments and a feeling for their distance, but lets neither a microsecond vanish nor a
 * pause of minutes push all else aside: distances count by their logarithm, and every span gets the room that its text
 * needs.
 */
export function createTimeScale(ns: readonly number[], spans: readonly Span[]): TimeScale {
  const moments = [...new Set(ns)].toSorted((a, b) => a - b);
  const widths = moments
    .slice(1)
    .map((moment, at) => Math.min(LONGEST_PX, SHORTEST_PX + 20 * Math.log10(1 + (moment - moments[at]!) / 10_000)));
  for (const { fromNs, toNs, widthPx } of spans.toSorted((a, b) => a.toNs - a.fromNs - (b.toNs - b.fromNs))) {
    const [from, to] = [moments.indexOf(fromNs), moments.indexOf(toNs)];
    const width = widths.slice(from, to).reduce((sum, one) => sum + one, 0);
    if (width < widthPx) for (let at = from; at < to; at++) widths[at]! *= widthPx / width;
  }
  const places = [0];
  for (const width of widths) places.push(places.at(-1)! + width);
  return {
    widthPx: places.at(-1)!,
    moments,
    x(at) {
      const next = moments.findIndex((moment) => moment >= at);
      if (next === -1) return places.at(-1)!;
      if (next === 0) return 0;
      const [before, after] = [moments[next - 1]!, moments[next]!];
      return places[next - 1]! + ((at - before) / (after - before)) * (places[next]! - places[next - 1]!);
    },
  };
}

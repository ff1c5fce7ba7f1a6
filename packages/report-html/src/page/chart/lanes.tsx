import type { VNode } from 'preact';
import { duration } from '../format.js';
import { Text } from '../parts/text.js';

/** Something that lasted, in seconds of the axis. */
export interface Bar {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly kind: string;
  readonly note?: string;
}

/** Bars of one kind. Those that overlap stand below each other. */
export interface Lane {
  readonly name: string;
  readonly bars: readonly Bar[];
}

/** What went on, above the charts and on the same axis. */
export function Lanes({
  lanes,
  range,
}: {
  readonly lanes: readonly Lane[];
  readonly range: readonly [number, number];
}): VNode {
  return (
    <div class="lanes">
      {lanes.map(({ name, bars }) =>
        rowsOf(bars).map((row, number) => (
          <div class="lane" key={`${name} ${number}`}>
            <span class="lane-name">{number === 0 ? name : ''}</span>
            <div class="lane-bars">
              {row.map((bar, index) => (
                <LaneBar key={index} bar={bar} range={range} />
              ))}
            </div>
          </div>
        )),
      )}
    </div>
  );
}

function LaneBar({
  bar,
  range: [start, end],
}: {
  readonly bar: Bar;
  readonly range: readonly [number, number];
}): VNode | null {
  const { name, from, to, kind, note } = bar;
  if (to < start || from > end) return null;
  const at = (value: number): number => ((Math.min(end, Math.max(start, value)) - start) / (end - start)) * 100;
  const label = `${name}, ${duration((to - from) * 1000)}, from ${duration(from * 1000)}${note === undefined ? '' : `; ${note}`}`;
  return (
    <span
      class={`bar ${kind}`}
      style={{ left: `${at(from)}%`, width: `max(2px, ${at(to) - at(from)}%)` }}
      title={label}
      role="img"
      aria-label={label}
    >
      <Text>{name}</Text>
    </span>
  );
}

const MOST_ROWS = 8;

function rowsOf(bars: readonly Bar[]): readonly (readonly Bar[])[] {
  const rows: Bar[][] = [];
  for (const bar of [...bars].sort((one, other) => one.from - other.from)) {
    const free = rows.find((row) => row.at(-1)!.to <= bar.from + 1e-6);
    if (free !== undefined) free.push(bar);
    else if (rows.length < MOST_ROWS) rows.push([bar]);
  }
  return rows;
}

import type { Operation } from '../../operation.js';
import type { Anomaly } from '../../verdict.js';
import { operationLines } from '../operation-lines.js';
import { createTimeScale } from './time-scale.js';
import type { TimeScale } from './time-scale.js';

/** An operation as a box in the lane of its process. */
export interface Box {
  readonly operation: Operation;
  readonly name: string;
  readonly lines: readonly string[];
  readonly lane: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Positions of all parts, in pixels from the upper left corner of the lanes. */
export interface Layout {
  readonly boxes: readonly Box[];
  readonly lanes: readonly { readonly process: number; readonly y: number; readonly height: number }[];
  readonly scale: TimeScale;
  readonly height: number;
}

export const LINE_PX = 18;
const CHARACTER_PX = 7.25;
const BETWEEN_LANES_PX = 74;
const PADDING_PX = 12;

/** Places the operations of an anomaly: a lane for each process, time from left to right. */
export function layOut({ operations, faults }: Anomaly): Layout {
  const distinct = [...new Set(operations)].map((operation) => ({
    operation,
    name: `T${operations.indexOf(operation) + 1}`,
    lines: operationLines(operation),
  }));
  const start = Math.min(...operations.map(({ invokedNs }) => invokedNs));
  const last = Math.max(
    ...operations.flatMap(({ invokedNs, completedNs }) =>
      completedNs === Infinity ? [invokedNs] : [invokedNs, completedNs],
    ),
  );
  // An open end is drawn a little beyond everything else.
  const end =
    distinct.some(({ operation }) => operation.completedNs === Infinity) || last === start
      ? last + Math.max(1000, (last - start) / 4)
      : last;
  const endOf = ({ completedNs }: Operation): number => Math.min(completedNs, end);
  const edges = faults.flatMap(({ startNs, endNs }) => [startNs, endNs]).filter((ns) => ns > start && ns < end);
  const widths = distinct.map(
    ({ operation, lines }) =>
      Math.max(...lines.map((line) => line.length), heading(operation).length + 6) * CHARACTER_PX + 2 * PADDING_PX,
  );
  const scale = createTimeScale(
    [...operations.flatMap((operation) => [operation.invokedNs, endOf(operation)]), ...edges, end],
    distinct.map(({ operation }, at) => ({
      fromNs: operation.invokedNs,
      toNs: endOf(operation),
      widthPx: widths[at]!,
    })),
  );
  const processes = [...new Set(operations.map(({ process }) => process))];
  let y = 0;
  const lanes = processes.map((process) => {
    const height = Math.max(
      ...distinct
        .filter(({ operation }) => operation.process === process)
        .map(({ lines }) => (lines.length + 1) * LINE_PX + 2 * PADDING_PX - 4),
    );
    const lane = { process, y, height };
    y += height + BETWEEN_LANES_PX;
    return lane;
  });
  const boxes = distinct.map(({ operation, name, lines }): Box => {
    const lane = processes.indexOf(operation.process);
    const x = scale.x(operation.invokedNs);
    return {
      operation,
      name,
      lines,
      lane,
      x,
      y: lanes[lane]!.y,
      width: scale.x(endOf(operation)) - x,
      height: lanes[lane]!.height,
    };
  });
  return { boxes, lanes, scale, height: y - BETWEEN_LANES_PX };
}

/** Outcome of an operation, for its box. */
export function heading({ type }: Operation): string {
  return type === 'ok' ? '' : type === 'fail' ? 'failed' : 'outcome unknown';
}

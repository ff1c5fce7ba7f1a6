import type { AnomalyStep } from '../../verdict.js';
import type { Box } from './layout.js';

/** An edge of a cycle as a curve, with the place of its label. */
export interface Arrow {
  readonly path: string;
  readonly label: Point;
  readonly labelWidth: number;
  readonly relation: string;
  readonly number: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A cubic curve: both ends, and the two points that pull it. */
type Curve = readonly [Point, Point, Point, Point];

interface Rectangle extends Point {
  readonly width: number;
  readonly height: number;
}

const HEAD_PX = 7;
/** Distance by which an arrow within one lane swings out of it. */
export const ARC_PX = 36;
// Candidate positions of a label along its curve; the first free one is used.
const PLACES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82, 0.1, 0.9];

/**
 * Draws each edge from its box to the next one's. Edges that meet on one side of a box share it evenly, in the order of
 * where they lead; labels keep clear of boxes and of each other.
 */
export function drawArrows(steps: readonly AnomalyStep[], boxOf: (position: number) => Box): Arrow[] {
  const sides = new Map<string, { edge: string; towards: number }[]>();
  const join = (box: Box, other: Box, edge: string): void => {
    const side = sideOf(box, other);
    sides.set(side, [...(sides.get(side) ?? []), { edge, towards: other.x + other.width / 2 }]);
  };
  for (const [at, { from, to }] of steps.entries()) {
    join(boxOf(from), boxOf(to), `${at} from`);
    join(boxOf(to), boxOf(from), `${at} to`);
  }
  const boxes = [...new Set(steps.map(({ from }) => boxOf(from)))];
  const taken: Rectangle[] = [...boxes];
  return steps.map(({ from, to, relation }, at): Arrow => {
    const [one, other] = [boxOf(from), boxOf(to)];
    const others = boxes.filter((box) => box !== one && box !== other);
    const curve =
      one.lane === other.lane
        ? along(one, other)
        : around(between(anchor(one, other, `${at} from`), anchor(other, one, `${at} to`)), others);
    const labelWidth = 26 + relation.length * 7;
    const label = freePlace(curve, labelWidth, taken);
    taken.push({ x: label.x - labelWidth / 2 - 2, y: label.y - 13, width: labelWidth + 4, height: 26 });
    const [start, pull, back, end] = curve.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`);
    return { path: `M${start} C${pull} ${back} ${end}`, label, labelWidth, relation, number: at + 1 };
  });

  function anchor(box: Box, other: Box, edge: string): Point {
    const side = sides
      .get(sideOf(box, other))!
      .toSorted((a, b) => a.towards - b.towards || a.edge.localeCompare(b.edge));
    const place = side.findIndex((one) => one.edge === edge) + 1;
    return {
      x: box.x + (box.width * place) / (side.length + 1),
      y: other.lane > box.lane ? box.y + box.height : box.y,
    };
  }
}

function sideOf(box: Box, other: Box): string {
  return `${box.name} ${other.lane > box.lane ? 'below' : 'above'}`;
}

// A curve that would run through boxes goes past all of them, on the side that is nearer.
function around(curve: Curve, boxes: readonly Rectangle[]): Curve {
  const [start, , , end] = curve;
  const hit = boxes.filter((box) => PLACES.some((t) => contains(box, pointOf(curve, t))));
  if (hit.length === 0) return curve;
  const [left, right] = [
    Math.min(...hit.map(({ x }) => x)) - 22,
    Math.max(...hit.map(({ x, width }) => x + width)) + 22,
  ];
  const middle = (start.x + end.x) / 2;
  const side = middle - left < right - middle ? left : right;
  const pull = (8 * side - start.x - end.x) / 6;
  const at = (share: number): Point => ({ x: pull, y: start.y + (end.y - start.y) * share });
  return [start, at(0.2), at(0.8), end];
}

function contains({ x, y, width, height }: Rectangle, point: Point): boolean {
  return point.x > x - 8 && point.x < x + width + 8 && point.y > y && point.y < y + height;
}

function pointOf(curve: Curve, t: number): Point {
  return {
    x: bezier(
      t,
      curve.map(({ x }) => x),
    ),
    y: bezier(
      t,
      curve.map(({ y }) => y),
    ),
  };
}

function between(start: Point, end: Point): Curve {
  const tip = { x: end.x, y: end.y > start.y ? end.y - HEAD_PX : end.y + HEAD_PX };
  const middle = (start.y + tip.y) / 2;
  return [start, { x: start.x, y: middle }, { x: tip.x, y: middle }, tip];
}

// In one lane: forward over the boxes, back below them.
function along(one: Box, other: Box): Curve {
  const isForward = other.x > one.x;
  const [from, to] = isForward ? [one.x + one.width - 18, other.x + 18] : [one.x + 18, other.x + other.width - 18];
  const edge = isForward ? one.y : one.y + one.height;
  const far = isForward ? edge - ARC_PX : edge + ARC_PX;
  return [
    { x: from, y: edge },
    { x: from, y: far },
    { x: to, y: far },
    { x: to, y: isForward ? edge - HEAD_PX : edge + HEAD_PX },
  ];
}

function freePlace(curve: Curve, width: number, taken: readonly Rectangle[]): Point {
  const points = PLACES.map((t) => pointOf(curve, t));
  const isFree = ({ x, y }: Point): boolean =>
    taken.every(
      (other) =>
        x + width / 2 < other.x ||
        x - width / 2 > other.x + other.width ||
        y + 11 < other.y ||
        y - 11 > other.y + other.height,
    );
  return points.find(isFree) ?? points[0]!;
}

function bezier(t: number, [a, b, c, d]: number[]): number {
  return (1 - t) ** 3 * a! + 3 * (1 - t) ** 2 * t * b! + 3 * (1 - t) * t ** 2 * c! + t ** 3 * d!;
}

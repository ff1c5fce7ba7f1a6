import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { figure } from '../format.js';
import { colour, type Theme } from '../theme.js';

/** A line of a chart; its colour is the name of one of the style sheet. */
export interface Line {
  readonly name: string;
  readonly colour: string;
  readonly values: readonly (number | null)[];
  readonly fill?: boolean;
  readonly dash?: boolean;
}

/** A stretch of time behind the lines. */
export interface Band {
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly kind: 'fault' | 'overload';
}

/** Cursor and zoom that several charts share. */
export interface Axis {
  readonly key: string;
  /** Seconds under the cursor; `undefined` when it left. */
  onCursor(atS: number | undefined): void;
  onZoom(range: readonly [number, number] | undefined): void;
  /** The reader clicked there. */
  onClick(atS: number): void;
}

interface PlotProps {
  readonly title: string;
  readonly unit: string;
  /** Seconds. */
  readonly x: readonly number[];
  readonly series: readonly Line[];
  readonly range: readonly [number, number];
  readonly bands?: readonly Band[];
  readonly axis?: Axis;
  readonly logarithmic?: boolean;
  readonly theme: Theme;
}

/** Width of the scale on the left, so that charts stand exactly below each other. */
export const LEFT = 58;
/** Space on the right. */
export const RIGHT = 14;
const HEIGHT = 130;

/** A chart over time. Its figures are in its description, too. */
export function Plot(props: PlotProps): VNode {
  const { title, unit, x, series, range, bands, axis, logarithmic, theme } = props;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>();
  useEffect(() => {
    const element = place.current!;
    const made = new uPlot(options(props, element.clientWidth), dataOf(props), element);
    plot.current = made;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0 && element.clientWidth !== made.width)
        made.setSize({ width: element.clientWidth, height: HEIGHT });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [x, series, bands, axis, logarithmic, theme]);
  useEffect(() => void plot.current?.setScale('x', { min: range[0], max: range[1] }), [range[0], range[1], x, series]);
  return (
    <figure class="plot">
      <figcaption>
        {title} <span class="dim">{unit}</span>
        <span class="legend">
          {series.map((line) => (
            <span key={line.name}>
              <i class={`key ${line.colour.slice(2)}${line.dash === true ? ' dashed' : ''}`} />
              <bdi>{line.name}</bdi>
            </span>
          ))}
        </span>
      </figcaption>
      <div ref={place} class="canvas" role="img" aria-label={described(title, unit, series)} />
    </figure>
  );
}

function described(title: string, unit: string, series: readonly Line[]): string {
  const told = series.map(({ name, values }) => {
    const known = values.filter((value) => value !== null);
    return known.length === 0
      ? `${name}: nothing`
      : `${name}: at most ${figure(known.reduce((one, other) => Math.max(one, other)))} ${unit}`;
  });
  return `${title}. ${told.join('; ')}`;
}

function dataOf({ x, series }: PlotProps): uPlot.AlignedData {
  return [[...x], ...series.map(({ values }) => [...values])];
}

function options({ series, range, bands = [], axis, logarithmic = false }: PlotProps, width: number): uPlot.Options {
  const text = colour('--dim');
  const line = colour('--line');
  const scale = {
    stroke: text,
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  return {
    width,
    height: HEIGHT,
    padding: [8, RIGHT, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: axis !== undefined, y: false, setScale: false },
      ...(axis && { sync: { key: axis.key, setSeries: false } }),
    },
    scales: {
      x: { time: false, range: (_, min, max) => [min, max], min: range[0], max: range[1] },
      // The name of the number exists as a type only.
      // oxlint-disable-next-line typescript/no-unsafe-enum-assignment
      y: logarithmic ? { distr: 3 } : { range: (_, __, max) => [0, max > 0 ? max * 1.08 : 1] },
    },
    axes: [
      { ...scale, values: (_, splits) => splits.map((value) => `${figure(value)} s`), size: 26 },
      { ...scale, size: LEFT, values: (_, splits) => splits.map((value) => (value === null ? '' : figure(value))) },
    ],
    series: [
      {},
      ...series.map((each) => ({
        label: each.name,
        stroke: colour(each.colour),
        width: 1.5,
        spanGaps: false,
        // A value between two gaps is a point, not a line.
        points: { size: 4 },
        ...(each.dash === true && { dash: [4, 3] }),
        ...(each.fill === true && { fill: `${colour(each.colour)}33` }),
      })),
    ],
    hooks: { drawClear: [(plot) => drawBands(plot, bands)], ...(axis && hooksOf(axis)) },
  };
}

function hooksOf(axis: Axis): uPlot.Hooks.Arrays {
  return {
    setCursor: [
      (plot) => {
        const { left = -1 } = plot.cursor;
        axis.onCursor(left < 0 ? undefined : plot.posToVal(left, 'x'));
      },
    ],
    setSelect: [
      (plot) => {
        const { left, width } = plot.select;
        if (width > 4) axis.onZoom([plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')]);
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      },
    ],
    ready: [
      (plot) => {
        plot.over.addEventListener('click', () => {
          const { left = -1 } = plot.cursor;
          if (left >= 0) axis.onClick(plot.posToVal(left, 'x'));
        });
        plot.over.addEventListener('dblclick', () => axis.onZoom(undefined));
      },
    ],
  };
}

function drawBands({ ctx, bbox, valToPos }: uPlot, bands: readonly Band[]): void {
  ctx.save();
  for (const { from, to, kind } of bands) {
    const left = Math.max(bbox.left, valToPos(from, 'x', true));
    const right = Math.min(bbox.left + bbox.width, valToPos(to, 'x', true));
    if (right < left) continue;
    ctx.fillStyle = colour(kind === 'fault' ? '--fault-band' : '--overload-band');
    ctx.fillRect(left, bbox.top, Math.max(1, right - left), bbox.height);
  }
  ctx.restore();
}

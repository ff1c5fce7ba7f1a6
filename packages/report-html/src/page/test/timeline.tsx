import type { VNode } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { AttemptDetail } from '../../data/report-data.js';
import { chartsOf, faultBands, lanesOf } from '../chart/attempt-charts.js';
import { Lanes, type Lane } from '../chart/lanes.js';
import { LEFT, Plot, RIGHT, type Axis } from '../chart/plot.js';
import { duration } from '../format.js';
import type { Theme } from '../theme.js';
import { Log } from './log.js';

interface TimelineProps {
  readonly attempt: AttemptDetail;
  readonly axisS: number | undefined;
  readonly theme: Theme;
}

type Range = readonly [number, number];

let axes = 0;

/** Everything that happened, on one axis with one cursor. */
export function Timeline({ attempt, axisS, theme }: TimelineProps): VNode {
  const lanes = useMemo(() => lanesOf(attempt), [attempt]);
  const charts = useMemo(() => chartsOf(attempt), [attempt]);
  const bands = useMemo(() => faultBands(attempt), [attempt]);
  const whole = wholeRange(attempt, axisS, lanes);
  const [zoom, setZoom] = useState<Range | undefined>(undefined);
  const [picked, pick] = useState<number | undefined>(undefined);
  const range = zoom ?? whole;
  const box = useRef<HTMLDivElement>(null);
  const [axis, showCursor] = useAxis(box, range, setZoom, pick);
  return (
    <section aria-labelledby={axis.key}>
      <h2 id={axis.key}>Timeline</h2>
      <p class="dim small">
        {duration((range[1] - range[0]) * 1000)}
        {charts.length > 0 && '. Drag to zoom, double-click for the whole; click to see what was printed then.'}{' '}
        {zoom !== undefined && (
          <button type="button" onClick={() => setZoom(undefined)}>
            Whole attempt
          </button>
        )}
      </p>
      <div class="timeline" ref={box}>
        <Lanes lanes={lanes} range={range} />
        {charts.map(({ title, ...chart }) => (
          <Plot key={title} title={title} {...chart} range={range} bands={bands} axis={axis} theme={theme} />
        ))}
        <div class="cursor" aria-hidden="true" hidden>
          <span />
        </div>
      </div>
      <Log attempt={attempt} pickedS={picked} onPoint={showCursor} />
    </section>
  );
}

// The cursor moves outside of Preact: it follows the pointer.
function useAxis(
  box: { readonly current: HTMLDivElement | null },
  range: Range,
  setZoom: (range: Range | undefined) => void,
  pick: (atS: number) => void,
): readonly [Axis, (atS: number | undefined) => void] {
  const seen = useRef(range);
  seen.current = range;
  return useMemo(() => {
    const show = (atS: number | undefined): void => {
      const line = box.current?.querySelector<HTMLElement>('.cursor');
      if (line === null || line === undefined) return;
      const [from, to] = seen.current;
      const share = atS === undefined ? -1 : (atS - from) / (to - from);
      line.hidden = share < 0 || share > 1;
      if (line.hidden) return;
      line.style.left = `calc(${LEFT}px + (100% - ${LEFT + RIGHT}px) * ${share})`;
      line.firstElementChild!.textContent = duration(atS! * 1000);
    };
    axes += 1;
    return [{ key: `axis-${axes}`, onCursor: show, onZoom: setZoom, onClick: pick }, show];
  }, []);
}

// The slot may have taken long to get ready: of that only the end is shown.
function wholeRange({ durationMs }: AttemptDetail, axisS: number | undefined, lanes: readonly Lane[]): Range {
  const end = Math.max(axisS ?? 0, durationMs / 1000, 0.001);
  const start = Math.min(0, ...lanes.flatMap(({ bars }) => bars.map(({ from }) => from)));
  return [Math.max(start, -end / 10), end];
}

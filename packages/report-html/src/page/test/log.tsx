import type { VNode } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { AttemptDetail, LogLine } from '../../data/report-data.js';
import { secondsOf } from '../chart/attempt-charts.js';
import { counted, plain } from '../format.js';

interface LogProps {
  readonly attempt: AttemptDetail;
  /** Seconds that the reader clicked in a chart. */
  readonly pickedS: number | undefined;
  readonly onPoint: (atS: number | undefined) => void;
}

type From = LogLine['from'];

const MOST = 1_000;
const LONGEST = 2_000;

/** What the test and its target printed, on the clock of the timeline. */
export function Log({ attempt, pickedS, onPoint }: LogProps): VNode | null {
  const [hidden, hide] = useState<ReadonlySet<From>>(new Set());
  const [all, setAll] = useState(false);
  const lines = useMemo(() => attempt.log.filter(({ from }) => !hidden.has(from)), [attempt, hidden]);
  const box = useRef<HTMLOListElement>(null);
  const nearest = useMemo(() => (pickedS === undefined ? -1 : nearestLine(attempt, lines, pickedS)), [lines, pickedS]);
  useEffect(() => {
    if (nearest >= MOST) setAll(true);
    const line = box.current?.querySelector<HTMLElement>('.picked');
    if (line) box.current!.scrollTop = line.offsetTop - box.current!.clientHeight / 3;
  }, [nearest, all]);
  if (attempt.log.length === 0) return null;
  const kinds = [...new Set(attempt.log.map(({ from }) => from))];
  const toggle = (from: From): void => {
    const next = new Set(hidden);
    if (!next.delete(from)) next.add(from);
    hide(next);
  };
  return (
    <>
      <h3>Printed</h3>
      <div class="chips" role="group" aria-label="Printed by">
        {kinds.map((from) => (
          <button type="button" class="chip" key={from} aria-pressed={!hidden.has(from)} onClick={() => toggle(from)}>
            {from}
          </button>
        ))}
      </div>
      <ol class="log" ref={box} tabIndex={0} aria-label="Printed lines">
        {(all ? lines : lines.slice(0, MOST)).map((line, number) => (
          <Printed key={number} line={line} attempt={attempt} isPicked={number === nearest} onPoint={onPoint} />
        ))}
      </ol>
      {!all && lines.length > MOST && (
        <button type="button" class="more" onClick={() => setAll(true)}>
          Show {counted(lines.length - MOST, 'more line')}
        </button>
      )}
    </>
  );
}

interface PrintedProps {
  readonly line: LogLine;
  readonly attempt: AttemptDetail;
  readonly isPicked: boolean;
  readonly onPoint: LogProps['onPoint'];
}

function Printed({ line: { atMs, from, text }, attempt, isPicked, onPoint }: PrintedProps): VNode {
  const [all, setAll] = useState(false);
  const atS = atMs === undefined ? undefined : secondsOf(attempt, atMs);
  const clean = plain(text);
  return (
    <li
      class={`${from} ${isPicked ? 'picked' : ''}`}
      onMouseEnter={() => onPoint(atS)}
      onMouseLeave={() => onPoint(undefined)}
    >
      <span class="at">{atS === undefined ? '' : `${atS.toFixed(3)} s`}</span>
      <span class="from">{from}</span>
      <span class="line" dir="auto">
        {all ? clean : clean.slice(0, LONGEST)}
        {!all && clean.length > LONGEST && (
          <button type="button" class="more" onClick={() => setAll(true)}>
            … {counted(clean.length - LONGEST, 'more character')}
          </button>
        )}
      </span>
    </li>
  );
}

function nearestLine(attempt: AttemptDetail, lines: readonly LogLine[], atS: number): number {
  let best = -1;
  let distance = Infinity;
  for (const [number, { atMs }] of lines.entries()) {
    if (atMs === undefined) continue;
    const away = Math.abs(secondsOf(attempt, atMs) - atS);
    if (away < distance) [best, distance] = [number, away];
  }
  return best;
}

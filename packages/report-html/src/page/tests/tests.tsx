import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { TestRow } from '../../data/report-data.js';
import { counted } from '../format.js';
import { useKeys } from '../keys.js';
import { queryOf, VERDICTS } from '../parts/verdict.js';
import { go, href } from '../router.js';
import { Row } from './row.js';

const PAGE = 200;

interface TestsProps {
  readonly rows: readonly TestRow[];
  readonly all: readonly TestRow[];
  readonly query: string;
  readonly onQuery: (text: string) => void;
}

/** The tests that match the search, those that need somebody first within each category. */
export function Tests({ rows, all, query, onQuery }: TestsProps): VNode {
  const [most, setMost] = useState(PAGE);
  const [selected, select] = useState(-1);
  const end = useRef<HTMLButtonElement>(null);
  const sorted = useMemo(() => byNeed(rows), [rows]);
  // At once: a key may be pressed before the next frame.
  useLayoutEffect(() => {
    setMost(PAGE);
    select(-1);
  }, [rows]);
  useMoreInView(end, () => setMost((count) => count + PAGE), most);
  const move = (by: number): void => {
    const next = Math.min(sorted.length - 1, Math.max(0, selected + by));
    if (next >= most) setMost(next + PAGE);
    select(next);
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    Enter: (event) => {
      const row = sorted[selected];
      if (row !== undefined) go(href('test', { testId: row.id }));
      else if (event.target instanceof HTMLElement) event.target.click();
    },
  });
  const shown = sorted.slice(0, most);
  return (
    <>
      <h1 tabIndex={-1}>Tests</h1>
      <Chips all={all} query={query} onQuery={onQuery} />
      <p class="dim" role="status">
        {rows.length === all.length
          ? counted(rows.length, 'test')
          : `${rows.length.toLocaleString('en')} of ${counted(all.length, 'test')}`}
      </p>
      <ul class="tests">
        {shown.map((row, index) => (
          <Row
            key={row.id}
            row={row}
            isSelected={index === selected}
            heading={row.category !== shown[index - 1]?.category}
          />
        ))}
      </ul>
      {rows.length === 0 && <p>No test matches. Press ? for the words of the search.</p>}
      {shown.length < sorted.length && (
        <button type="button" class="more" ref={end} onClick={() => setMost(most + PAGE)}>
          Show more of {counted(sorted.length - shown.length, 'test')}
        </button>
      )}
    </>
  );
}

function Chips({ all, query, onQuery }: Omit<TestsProps, 'rows'>): VNode {
  const counts = useMemo(() => {
    const found = new Map<string, number>();
    for (const { verdict } of all) found.set(verdict, (found.get(verdict) ?? 0) + 1);
    return found;
  }, [all]);
  return (
    <div class="chips" role="group" aria-label="Verdicts">
      {VERDICTS.filter((verdict) => counts.has(verdict)).map((verdict) => {
        const word = queryOf(verdict);
        const isOn = query.split(/\s+/).includes(word);
        const rest = query.replace(/\S*s:\S+/g, '').trim();
        return (
          <button
            type="button"
            key={verdict}
            aria-pressed={isOn}
            class={`chip v-${verdict.replaceAll(' ', '-')}`}
            onClick={() => onQuery(isOn ? rest : `${word} ${rest}`.trim())}
          >
            {verdict} {counts.get(verdict)!.toLocaleString('en')}
          </button>
        );
      })}
    </div>
  );
}

function byNeed(rows: readonly TestRow[]): readonly TestRow[] {
  const need = new Map(VERDICTS.map((verdict, index) => [verdict, index]));
  const order = new Map<string, number>();
  for (const { category } of rows) if (!order.has(category)) order.set(category, order.size);
  return rows
    .map((row, index) => ({ row, index }))
    .sort(
      (one, other) =>
        order.get(one.row.category)! - order.get(other.row.category)! ||
        need.get(one.row.verdict)! - need.get(other.row.verdict)! ||
        one.index - other.index,
    )
    .map(({ row }) => row);
}

function useMoreInView(end: { readonly current: HTMLElement | null }, more: () => void, most: number): void {
  useEffect(() => {
    const element = end.current;
    if (element === null) return undefined;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) more();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [most, end.current]);
}

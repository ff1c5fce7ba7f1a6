import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ReportIndex, TestDetail, TestRow } from '../../data/report-data.js';
import { useKeys } from '../keys.js';
import { Command } from '../parts/copy.js';
import { Text } from '../parts/text.js';
import { Badge } from '../parts/verdict.js';
import { go, href, type Route } from '../router.js';
import type { Source } from '../source/source.js';
import type { Theme } from '../theme.js';
import { Attempts } from './attempts.js';

interface TestPageProps {
  readonly route: Route;
  readonly rows: readonly TestRow[];
  readonly index: ReportIndex;
  readonly source: Source;
  readonly theme: Theme;
  readonly query: string;
  /** An attempt is under way. */
  readonly running: boolean;
}

/** A test that runs is read again this often. */
const AGAIN_MS = 1000;

/** A test that was opened. */
export function TestPage({ route, rows, index, source, theme, query, running }: TestPageProps): VNode {
  const row = index.tests.find(({ id }) => id === route.testId);
  const [detail, setDetail] = useState<TestDetail | string | undefined>(undefined);
  useEffect(() => {
    if (row?.chunk === undefined) return undefined;
    const { id, chunk } = row;
    const open = (): void =>
      void source.detail(id, chunk).then(setDetail, (error: unknown) => setDetail(String(error)));
    open();
    const timer = running ? setInterval(open, AGAIN_MS) : undefined;
    return () => clearInterval(timer);
  }, [row, running]);
  const beside = (by: number): void => {
    const place = rows.findIndex(({ id }) => id === route.testId);
    const next = rows[place + by];
    if (next !== undefined) go(href('test', { testId: next.id }));
  };
  useKeys({ n: () => beside(1), p: () => beside(-1), Escape: () => go(href('tests', { query })) });
  if (row === undefined) return <NoSuchTest />;
  return (
    <article>
      <p class="back">
        <a href={href('tests', { query })}>Tests</a> › <Text>{row.category}</Text>
        {(row.path ?? []).map((part, number) => (
          <span key={number}>
            {' '}
            › <Text>{part}</Text>
          </span>
        ))}
      </p>
      <h1 tabIndex={-1}>
        <Badge verdict={row.verdict} /> {row.chaosId !== undefined && `${row.chaosId} `}
        <Text>{row.title}</Text>
      </h1>
      <p class="dim">
        <code>
          {row.file}:{row.line}
        </code>{' '}
        {row.project !== undefined && (
          <span class="tag">
            <Text>{row.project}</Text>
          </span>
        )}{' '}
        {(row.tags ?? []).map((tag) => (
          <span class="tag" key={tag}>
            <Text>{tag}</Text>
          </span>
        ))}
      </p>
      {typeof detail === 'string' && <p class="warning">Cannot open this test: {detail}</p>}
      {detail === undefined && row.chunk !== undefined && <p class="loading">Opening…</p>}
      {typeof detail === 'object' && <Opened detail={detail} route={route} theme={theme} />}
    </article>
  );
}

function Opened({
  detail,
  route,
  theme,
}: {
  readonly detail: TestDetail;
  readonly route: Route;
  readonly theme: Theme;
}): VNode {
  const { test, repeat, attempts, skipped } = detail;
  return (
    <>
      {test.purpose !== undefined && (
        <p class="purpose">
          <Text>{test.purpose}</Text>
        </p>
      )}
      {test.catches.length > 0 && (
        <p class="dim">
          catches{' '}
          {test.catches.map((each) => (
            <span class="tag" key={each}>
              <Text>{each}</Text>
            </span>
          ))}
        </p>
      )}
      {skipped !== undefined && attempts.length === 0 && (
        <p class="warning">
          It never started: <Text>{skipped}</Text>
        </p>
      )}
      {test.quarantine !== undefined && (
        <p class="warning">
          In quarantine until {test.quarantine.expires} ({test.quarantine.owner}): <Text>{test.quarantine.reason}</Text>
        </p>
      )}
      <Command text={repeat} label="the command that repeats this test" />
      <Attempts attempts={attempts} chosen={route.attempt} testId={route.testId} theme={theme} />
    </>
  );
}

function NoSuchTest(): VNode {
  return (
    <>
      <h1 tabIndex={-1}>No such test</h1>
      <p>
        This report has no test with that address. <a href={href('tests')}>All tests</a>
      </p>
    </>
  );
}

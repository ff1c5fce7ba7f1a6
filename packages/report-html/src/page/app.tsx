import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ReportIndex } from '../data/report-data.js';
import { createFilter } from './filter.js';
import { useKeys } from './keys.js';
import { Now, type NowProps } from './live/now.js';
import { Overview } from './overview/overview.js';
import { Help } from './parts/help.js';
import { Head } from './parts/head.js';
import { go, href, useRoute, type Route } from './router.js';
import type { Source } from './source/source.js';
import { TestPage } from './test/test-page.js';
import { Tests } from './tests/tests.js';
import { useTheme } from './theme.js';

interface AppProps {
  readonly index: ReportIndex;
  readonly source: Source;
  /** The run goes on. */
  readonly now?: NowProps;
}

/** The whole page. */
export function App({ index, source, now }: AppProps): VNode {
  const route = useRoute();
  const search = useRef<HTMLInputElement>(null);
  const [theme, nextTheme] = useTheme();
  const [help, setHelp] = useState(false);
  // In the view of a test the last search still says which tests are the next and the one before.
  const asked = useRef('');
  if (route.view === 'tests') asked.current = route.query;
  const query = asked.current;
  const shown = useMemo(() => index.tests.filter(createFilter(query)), [index, query]);
  useKeys({
    '/': () => search.current?.focus(),
    '?': () => setHelp(!help),
    o: () => go(href('overview')),
    t: () => go(href('tests', { query })),
    f: () => go(href('tests', { query: 's:failed' })),
  });
  usePlace(route, index);
  return (
    <>
      <Head
        index={index}
        view={route.view}
        query={query}
        search={search}
        theme={theme}
        onTheme={nextTheme}
        onHelp={() => setHelp(true)}
        onQuery={(text) => go(href('tests', { query: text }), route.view === 'tests')}
      />
      <main id="main">
        {now !== undefined && route.view !== 'test' && <Now {...now} index={index} shown={shown} theme={theme} />}
        {route.view === 'overview' && <Overview index={index} theme={theme} isLive={now !== undefined} />}
        {route.view === 'tests' && (
          <Tests rows={shown} all={index.tests} query={query} onQuery={(text) => go(href('tests', { query: text }))} />
        )}
        {route.view === 'test' && (
          <TestPage
            key={route.testId}
            route={route}
            rows={shown}
            index={index}
            source={source}
            theme={theme}
            query={query}
            running={now?.state.tests.some(({ testId }) => testId === route.testId) === true}
          />
        )}
      </main>
      {help && <Help onClose={() => setHelp(false)} />}
    </>
  );
}

// The window follows the address: its place, its focus and its title.
function usePlace(route: Route, index: ReportIndex): void {
  // At once: a key that is pressed before the next frame must not go to the field that had the focus.
  useLayoutEffect(() => {
    window.scrollTo(0, 0);
    // Keys act on the test that was opened, and a screen reader begins with its title.
    if (route.view === 'test') document.querySelector<HTMLElement>('main h1')?.focus();
  }, [route.view, route.testId]);
  useEffect(() => {
    const row = index.tests.find(({ id }) => id === route.testId);
    document.title = row === undefined ? 'Chaos report' : `${row.title} · Chaos report`;
  }, [route.testId]);
}

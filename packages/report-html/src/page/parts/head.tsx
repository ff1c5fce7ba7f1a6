import type { RefObject, VNode } from 'preact';
import type { ReportIndex } from '../../data/report-data.js';
import { href, type Route } from '../router.js';
import type { Theme } from '../theme.js';

interface HeadProps {
  readonly index: ReportIndex;
  readonly view: Route['view'];
  readonly query: string;
  readonly search: RefObject<HTMLInputElement>;
  readonly theme: Theme;
  readonly onTheme: () => void;
  readonly onHelp: () => void;
  readonly onQuery: (text: string) => void;
}

/** Name, places and search, on top of every view. */
export function Head({ index, view, query, search, theme, onTheme, onHelp, onQuery }: HeadProps): VNode {
  const place = (name: string, to: Route['view'], address: string): VNode => (
    <a href={address} aria-current={view === to ? 'page' : undefined}>
      {name}
    </a>
  );
  return (
    <header class="head">
      <a
        class="skip-link"
        href="#main"
        onClick={(event) => (event.preventDefault(), document.querySelector<HTMLElement>('main h1')?.focus())}
      >
        To the content
      </a>
      <nav aria-label="Views">
        {place('Overview', 'overview', href('overview'))}
        {place(`Tests ${index.tests.length.toLocaleString('en')}`, 'tests', href('tests', { query }))}
      </nav>
      <input
        ref={search}
        type="search"
        aria-label="Search tests"
        placeholder="s:failed @cache fault:latency"
        value={query}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => onQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          // A browser would clear the search.
          event.preventDefault();
          event.currentTarget.blur();
        }}
      />
      <button type="button" onClick={onTheme} aria-label={theme === 'dark' ? 'Light colours' : 'Dark colours'}>
        {theme === 'dark' ? '☀' : '☾'}
      </button>
      <button type="button" onClick={onHelp} aria-label="Keys and search">
        ?
      </button>
    </header>
  );
}

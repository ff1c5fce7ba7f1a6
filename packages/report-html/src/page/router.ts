import { useLayoutEffect, useState } from 'preact/hooks';

/** A place of the page, as the part of its address behind `#`. */
export interface Route {
  readonly view: 'overview' | 'tests' | 'test';
  readonly query: string;
  readonly testId: string;
  readonly attempt: number | undefined;
}

/** Reads an address. */
export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const parameters = new URLSearchParams(search);
  const attempt = parameters.get('attempt');
  const [view, testId = ''] = path.split('/');
  return {
    view: view === 'test' || view === 'tests' ? view : 'overview',
    query: parameters.get('q') ?? '',
    testId: decoded(testId),
    attempt: attempt === null || !/^\d+$/.test(attempt) ? undefined : Number(attempt),
  };
}

/** Writes an address. */
export function href(
  view: Route['view'],
  more: { readonly query?: string; readonly testId?: string; readonly attempt?: number } = {},
): string {
  const parameters = new URLSearchParams();
  if (more.query) parameters.set('q', more.query);
  if (more.attempt !== undefined) parameters.set('attempt', String(more.attempt));
  const search = parameters.size > 0 ? `?${parameters}` : '';
  const path = view === 'overview' ? '' : view === 'tests' ? 'tests' : `test/${encodeURIComponent(more.testId ?? '')}`;
  return `#/${path}${search}`;
}

/** Goes there at once. `replace` adds no step to the history of the browser. */
export function go(address: string, replace = false): void {
  // An assignment to `location.hash` would be told later, when more has been typed.
  if (replace) history.replaceState(undefined, '', address);
  else history.pushState(undefined, '', address);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

/** The place that the address names now. */
export function useRoute(): Route {
  const [route, set] = useState(() => parseRoute(location.hash));
  useLayoutEffect(() => {
    const read = (): void => set(parseRoute(location.hash));
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, []);
  return route;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

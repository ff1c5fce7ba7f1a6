import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

const KEYS: readonly (readonly [string, string])[] = [
  ['/', 'search'],
  ['j, k', 'next and previous test'],
  ['Enter', 'open the test'],
  ['Esc', 'back to the list'],
  ['n, p', 'in a test: the next and the previous one of the list'],
  ['o, t, f', 'overview, tests, failed tests'],
  ['?', 'this help'],
];
const WORDS: readonly (readonly [string, string])[] = [
  ['s:failed', 'verdict: passed, failed, flaky, inconclusive, skipped…'],
  ['@cache', 'tag'],
  ['fault:latency', 'a fault that was in force'],
  ['class:timeout', 'kind of failure'],
  ['c:auth, p:nightly, file:login', 'category, project, file'],
  ['"slow disk"', 'words that stand together'],
  ['!s:passed', 'everything but that'],
];

/** Keys and words of the search. */
export function Help({ onClose }: { readonly onClose: () => void }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const list = (rows: readonly (readonly [string, string])[]): VNode => (
    <dl>
      {rows.map(([word, meaning]) => (
        <>
          <dt>
            <kbd>{word}</kbd>
          </dt>
          <dd>{meaning}</dd>
        </>
      ))}
    </dl>
  );
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="help-title">
      <h2 id="help-title">Keys and search</h2>
      {list(KEYS)}
      <h3>Search: all words have to match</h3>
      {list(WORDS)}
      <form method="dialog">
        <button>Close</button>
      </form>
    </dialog>
  );
}

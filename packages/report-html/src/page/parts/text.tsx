import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { counted, plain } from '../format.js';

const SHORT = 4_000;

/** Text of a test, which may be of any length, direction and content. */
export function Text({ children }: { readonly children: string }): VNode {
  return <bdi>{plain(children)}</bdi>;
}

/** Text of several lines. A long one is shown on demand. */
export function Lines({ text, kind = '' }: { readonly text: string; readonly kind?: string }): VNode {
  const [all, setAll] = useState(false);
  const clean = plain(text);
  const isCut = !all && clean.length > SHORT;
  return (
    <>
      <pre class={kind} tabIndex={0} dir="auto">
        {isCut ? clean.slice(0, SHORT) : clean}
      </pre>
      {isCut && (
        <button type="button" class="more" onClick={() => setAll(true)}>
          Show {counted(clean.length - SHORT, 'more character')}
        </button>
      )}
    </>
  );
}

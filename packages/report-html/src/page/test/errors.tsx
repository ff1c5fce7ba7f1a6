import type { VNode } from 'preact';
import type { SerializedError } from '@chaos/spec';
import { Lines, Text } from '../parts/text.js';

/** The errors of an attempt. */
export function Errors({ errors }: { readonly errors: readonly SerializedError[] }): VNode | null {
  if (errors.length === 0) return null;
  return (
    <section aria-label="Errors">
      {errors.map((error, number) => (
        <ErrorBlock error={error} key={number} />
      ))}
    </section>
  );
}

const DEEPEST = 8;

function ErrorBlock({ error, depth = 0 }: { readonly error: SerializedError; readonly depth?: number }): VNode {
  const { name, message, value, code, hint, stack = '', snippet, cause, invariant, location } = error;
  const told = message ?? value ?? '';
  const head = name === undefined || told.startsWith(name) ? told : `${name}: ${told}`;
  // Frames only: the message stands above them already.
  const frames = stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
  return (
    <div class="error">
      {invariant === true && <span class="badge v-failed">invariant broken</span>}
      {code !== undefined && <span class="tag">{code}</span>}
      <Lines text={head === '' ? 'Error' : head} kind="message" />
      {hint !== undefined && (
        <p class="hint">
          Fix: <Text>{hint}</Text>
        </p>
      )}
      {snippet !== undefined && <Lines text={snippet} kind="snippet" />}
      {location !== undefined && (
        <p class="dim small">
          <code>
            {location.file}:{location.line}:{location.column}
          </code>
        </p>
      )}
      {frames !== '' && (
        <details>
          <summary>Stack</summary>
          <Lines text={frames} />
        </details>
      )}
      {cause !== undefined && depth < DEEPEST && (
        <details open={depth === 0}>
          <summary>Cause</summary>
          <ErrorBlock error={cause} depth={depth + 1} />
        </details>
      )}
    </div>
  );
}

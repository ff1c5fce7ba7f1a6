import type { VNode } from 'preact';
import type { StepResult } from '@chaos/spec';
import { duration } from '../format.js';
import { Text } from '../parts/text.js';

const MOST = 500;

/** The steps of an attempt as a tree. */
export function Steps({ steps }: { readonly steps: readonly StepResult[] }): VNode | null {
  if (steps.length === 0) return null;
  return (
    <details class="block" open={steps.length <= 30}>
      <summary>Steps ({steps.length})</summary>
      <Tree steps={steps} />
    </details>
  );
}

function Tree({ steps }: { readonly steps: readonly StepResult[] }): VNode {
  return (
    <ul class="steps">
      {steps.slice(0, MOST).map(({ title, durationMs, error, steps: inner }, number) => (
        <li key={number}>
          <span class={error === undefined ? '' : 'bad'}>
            {error === undefined ? '' : '✗ '}
            <Text>{title}</Text>
          </span>{' '}
          <span class="dim">{duration(durationMs)}</span>
          {error?.message !== undefined && (
            <span class="message">
              <Text>{error.message.split('\n', 1)[0]!}</Text>
            </span>
          )}
          {inner.length > 0 && <Tree steps={inner} />}
        </li>
      ))}
      {steps.length > MOST && <li class="dim">and {steps.length - MOST} more</li>}
    </ul>
  );
}

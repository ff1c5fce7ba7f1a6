import type { RunEvent } from '@chaos/spec';

/** The titles of running steps, from the outermost down to each. */
export class StepTitles {
  readonly #running = new Map<string, { readonly category: string; readonly titles: readonly string[] }>();

  begin(event: Extract<RunEvent, { type: 'step-start' }>): void {
    const around = event.parent === undefined ? undefined : this.#running.get(keyOf(event, event.parent));
    const titles = [...(around?.titles ?? []), event.title];
    this.#running.set(keyOf(event, event.step), { category: event.category, titles });
  }

  /** The titles of a `test.step` that has ended; `undefined` for other steps, and for one that was not told. */
  end(event: Extract<RunEvent, { type: 'step-end' }>): readonly string[] | undefined {
    const key = keyOf(event, event.step);
    const step = this.#running.get(key);
    this.#running.delete(key);
    return step?.category === 'test.step' ? step.titles : undefined;
  }
}

function keyOf({ testId, retry }: { readonly testId: string; readonly retry: number }, step: number): string {
  return `${testId} ${retry} ${step}`;
}

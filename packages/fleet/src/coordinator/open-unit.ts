import type { RunEvent } from '@chaos/spec';
import type { PendingChain } from './unit-planner.js';

type TestStart = Extract<RunEvent, { readonly type: 'test-start' }>;

/** A unit between its way into the queue and its end. */
export class OpenUnit {
  readonly id: string;
  readonly className: string;
  readonly chains: readonly PendingChain[];
  /** Session of the agent that runs it; no other may speak for it. */
  session: string | undefined;
  readonly #running = new Map<string, TestStart>();

  constructor(id: string, className: string, chains: readonly PendingChain[]) {
    this.id = id;
    this.className = className;
    this.chains = chains;
  }

  get ids(): readonly string[] {
    return this.chains.flatMap(({ ids }) => ids);
  }

  /** Attempts that have begun and not ended, as they were reported. */
  get running(): readonly TestStart[] {
    return [...this.#running.values()];
  }

  note(event: RunEvent): void {
    if (event.type === 'test-start') this.#running.set(event.testId, event);
    if (event.type === 'test-end') this.#running.delete(event.attempt.testId);
  }
}

import type { FedUnit, Feed } from '../elsewhere.js';
import type { JobChain } from '../plan/job-chains.js';

/** Asks a feed for the next unit, one question at a time, and turns it into chains. */
export class Feeding {
  readonly #feed: Feed;
  readonly #chainsOf: (unit: FedUnit) => JobChain[];
  readonly #onError: (error: unknown) => void;
  #isAsking = false;
  #isOver = false;

  constructor(feed: Feed, chainsOf: (unit: FedUnit) => JobChain[], onError: (error: unknown) => void) {
    this.#feed = feed;
    this.#chainsOf = chainsOf;
    this.#onError = onError;
  }

  /** True when no more units will come. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** True while a question is open. */
  get isAsking(): boolean {
    return this.#isAsking;
  }

  /** Asks, unless a question is open; `take` gets the chains of the unit, or none when there are no more. */
  ask(take: (chains: readonly JobChain[]) => void): void {
    if (this.#isAsking || this.#isOver) return;
    this.#isAsking = true;
    this.#feed
      .next()
      .then((unit) => {
        if (unit === undefined) this.#isOver = true;
        return unit === undefined ? [] : this.#chainsOf(unit);
      })
      .catch((error: unknown) => {
        this.#isOver = true;
        this.#onError(error);
        return [];
      })
      .then((chains) => {
        this.#isAsking = false;
        take(chains);
      })
      .catch(this.#onError);
  }
}

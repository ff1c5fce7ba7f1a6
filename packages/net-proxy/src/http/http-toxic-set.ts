import { checkMilliseconds, checkRange } from '@chaos/spec';
import type { Random } from '@chaos/stats';
import type { ActiveHttpToxic, AddHttpOptions, HttpToxic } from './http-toxic.js';

/** A toxic that acts on one answer, and is told once it has changed it. */
export interface ChosenHttpToxic {
  readonly toxic: HttpToxic;
  changed(): void;
}

/** The toxics of one proxy of HTTP, the oldest first. */
export class HttpToxicSet {
  readonly #random: Random;
  readonly #entries = new Set<{
    readonly toxic: HttpToxic;
    readonly path: string;
    readonly toxicity: number;
    answers: number;
  }>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(random: Random) {
    this.#random = random;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Throws `TypeError` or `RangeError` for options that make no sense. */
  add(toxic: HttpToxic, { path = '/', toxicity = 1, durationMs }: AddHttpOptions): ActiveHttpToxic {
    if (!path.startsWith('/'))
      throw new TypeError(`Cannot add ${toxic.type}: current path is ${JSON.stringify(path)}, it must start with /`);
    checkRange('toxicity', toxicity, { least: 0, most: 1 });
    if (durationMs !== undefined) checkMilliseconds('durationMs', durationMs);
    const entry = { toxic, path, toxicity, answers: 0 };
    this.#entries.add(entry);
    const timer = durationMs === undefined ? undefined : setTimeout(() => this.#entries.delete(entry), durationMs);
    if (timer) this.#timers.add(timer);
    return {
      answers: () => entry.answers,
      remove: () => {
        clearTimeout(timer);
        if (timer) this.#timers.delete(timer);
        this.#entries.delete(entry);
      },
    };
  }

  /** Those that act on the answer to a request for this target. */
  choose(target: string): readonly ChosenHttpToxic[] {
    if (this.#entries.size === 0) return [];
    return [...this.#entries]
      .filter(({ path, toxicity }) => target.startsWith(path) && (toxicity >= 1 || this.#random.next() < toxicity))
      .map((entry) => ({ toxic: entry.toxic, changed: () => void entry.answers++ }));
  }

  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#entries.clear();
  }
}

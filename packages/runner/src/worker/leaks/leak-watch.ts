import type { Leak } from '../../ipc/messages.js';
import { monotonicMs, startTimer } from '../../real-time.js';
import { serializeError } from '../../data/serialize-error.js';
import { Children } from './children.js';
import { lowestDescriptor, openFiles } from './descriptors.js';
import type { Origins } from './origins.js';
import { RESOURCE_KINDS } from './resource-kinds.js';

type Counts = Readonly<Record<string, number>>;

const KINDS = new Map(RESOURCE_KINDS.map(({ active, name }) => [active, name]));
// Resources that are closing need a few turns of the event loop.
const SETTLE_MS = 200;
const LOOK_MS = 10;

/** Leftovers of tests in this process, checked after each test. */
export class LeakWatch {
  readonly #children = new Children();
  readonly #ignored: (path: string) => boolean;
  #counts: Counts = count();
  #files: ReadonlyMap<number, string> = openFiles();
  #lowest: number = lowestDescriptor();

  /** `ignored` is true for the runner's own files. */
  constructor(ignored: (path: string) => boolean) {
    this.#ignored = ignored;
  }

  /** Runs a setup or teardown of things that outlive a test: its resources are no leak. */
  async adopt<T>(action: () => Promise<T>): Promise<T> {
    const before = count();
    try {
      return await action();
    } finally {
      const after = count();
      this.#counts = combine(this.#counts, after, (known, name) =>
        Math.max(0, known + (after[name] ?? 0) - (before[name] ?? 0)),
      );
      this.#acceptFiles();
      this.#children.forget();
    }
  }

  /**
   * Returns new resources. Each is reported once; a test that leaks creates new ones every time it runs. With
   * `origins`, also who opened them.
   */
  async check(origins?: Origins): Promise<readonly Leak[]> {
    const untilMs = monotonicMs() + SETTLE_MS;
    while (this.#differs()) {
      if (monotonicMs() > untilMs) return this.#take(origins);
      await new Promise<void>((resolve) => void startTimer(resolve, LOOK_MS).unref());
    }
    return [];
  }

  #differs(): boolean {
    const now = count();
    for (const name in now) if ((now[name] ?? 0) > (this.#counts[name] ?? 0)) return true;
    if (this.#children.living().length > 0) return true;
    if (lowestDescriptor() === this.#lowest) return false;
    if (this.#newFiles().length > 0) return true;
    this.#acceptFiles();
    return false;
  }

  #take(origins: Origins | undefined): readonly Leak[] {
    const now = count();
    const children = this.#children.living();
    const living = origins?.living() ?? [];
    const leaks: Leak[] = [];
    for (const { what, origin } of children) {
      const { location } = serializeError(origin);
      leaks.push({ what: what(), ...(location && { location }) });
    }
    for (const [descriptor, path] of this.#newFiles()) {
      const location = origins?.ofDescriptor(descriptor);
      leaks.push({ what: `an open descriptor of ${path}`, ...(location && { location }) });
    }
    for (const name in now) {
      const more = (now[name] ?? 0) - (this.#counts[name] ?? 0);
      // Ignore pipes of children and ports of threads: they belong to these.
      if (more <= 0 || ((name === 'PipeWrap' || name === 'MessagePort') && children.length > 0)) continue;
      // Those of earlier tests are older.
      const known = living.filter(({ kind, location }) => kind === name && location).slice(-more);
      for (const { what, location } of known) leaks.push({ what, ...(location && { location }) });
      if (known.length === 0)
        leaks.push({ what: `${more === 1 ? 'a' : more} ${KINDS.get(name)}${more === 1 ? '' : 's'}` });
    }
    this.#counts = combine(this.#counts, now, (known, name) => Math.max(known, now[name] ?? 0));
    this.#acceptFiles();
    this.#children.forget();
    return leaks;
  }

  #newFiles(): readonly (readonly [number, string])[] {
    return [...openFiles()].filter(
      ([descriptor, path]) => this.#files.get(descriptor) !== path && !this.#ignored(path),
    );
  }

  #acceptFiles(): void {
    this.#files = openFiles();
    this.#lowest = lowestDescriptor();
  }
}

function count(): Counts {
  const counts: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) if (KINDS.has(name)) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function combine(one: Counts, other: Counts, value: (known: number, name: string) => number): Counts {
  return Object.fromEntries(
    [...new Set([...Object.keys(one), ...Object.keys(other)])].map((name) => [name, value(one[name] ?? 0, name)]),
  );
}

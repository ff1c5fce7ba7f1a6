import { checkRange, type LinkDirection } from '@chaos/spec';
import { createRandom } from '@chaos/stats';
import type { ActiveToxic, AddOptions } from './active-toxic.js';
import { Timeline } from './timing/timeline.js';
import type { ToxicTarget } from './toxic-target.js';
import type { DialDelayingToxic, MomentaryToxic, RefusingToxic, SilencingToxic, Toxic } from './toxic.js';

const DIRECTIONS: readonly LinkDirection[] = ['upstream', 'downstream'];

/** Largest number of toxics on one proxy: every chunk of every connection passes through each of them. */
export const MOST_TOXICS = 1000;

/** The proxy, as seen by its toxics. */
export interface ToxicSetHost {
  /** Seed of the random streams of all its connections. */
  readonly seed: string;
  live(): Iterable<ToxicTarget>;
  /** Reports that a toxic has removed itself. */
  expired(toxic: ActiveToxic, error?: unknown): void;
  /** Rechecks the port after the result of {@link ToxicSet.refusing} may have changed. */
  gate(): Promise<void>;
}

interface Entry extends ActiveToxic {
  toxic: Toxic;
  toxicity: number;
  on: boolean;
  readonly name: string;
}

/** The toxics of a proxy, and their places on its connections. */
export class ToxicSet {
  readonly #host: ToxicSetHost;
  readonly #entries: Map<number, Entry> = new Map();
  readonly #timelines: Map<number, Timeline> = new Map();
  #lastId = 0;

  constructor(host: ToxicSetHost) {
    this.#host = host;
  }

  list(): readonly ActiveToxic[] {
    return [...this.#entries.values()];
  }

  /** True if no connection may be accepted now. */
  refusing(): boolean {
    // To hit only a share of connections, a proxy must accept them first and then reset them.
    return this.#acting().some(({ toxic, toxicity }) => refuses(toxic) && toxicity >= 1);
  }

  /** True if nothing may pass in either direction now. */
  silent(): boolean {
    const silencing = this.#acting().filter(({ toxic, toxicity }) => silences(toxic) && toxicity >= 1);
    return DIRECTIONS.every((direction) => silencing.some(({ directions }) => directions.includes(direction)));
  }

  /** Attaches the toxics to a new connection and starts it. */
  welcome(connection: ToxicTarget): void {
    if (this.#entries.size === 0) return connection.start(true, 0);
    let delayMs = 0;
    for (const entry of this.#acting()) {
      if (!this.#chosen(entry, connection)) continue;
      if (delays(entry.toxic))
        delayMs += entry.toxic.dialDelayMs(createRandom(this.#host.seed, String(connection.id), 'dial', entry.name));
      if (!momentary(entry.toxic)) this.#attach(entry, connection);
    }
    connection.start(!this.silent(), delayMs);
  }

  /** Throws `TypeError` or `RangeError` for options that make no sense, before anything changes. */
  add(toxic: Toxic, options: AddOptions): ActiveToxic {
    const { direction, toxicity = 1 } = options;
    if (direction !== undefined && !DIRECTIONS.includes(direction)) {
      throw new TypeError(
        `Cannot add ${toxic.type}: current direction is ${JSON.stringify(direction)}, it must be upstream or downstream`,
      );
    }
    checkRange('toxicity', toxicity, { least: 0, most: 1 });
    if (this.#entries.size >= MOST_TOXICS) throw new RangeError(`a proxy takes at most ${MOST_TOXICS} toxics`);
    const timeline = new Timeline(options);
    const id = ++this.#lastId;
    const entry: Entry = {
      id,
      toxic,
      toxicity,
      name: options.name ?? String(id),
      on: false,
      directions: direction === undefined ? DIRECTIONS : [direction],
      update: (changed, { toxicity: share = entry.toxicity } = {}) => this.#update(entry, changed, share),
      remove: () => this.#remove(entry),
      [Symbol.asyncDispose]: () => this.#remove(entry),
    };
    const lasting = !momentary(toxic) || options.schedule !== undefined;
    if (lasting) this.#entries.set(id, entry);
    this.#timelines.set(id, timeline);
    timeline.run(
      (on) => this.#turn(entry, on),
      () => {
        this.#remove(entry).then(
          () => this.#host.expired(entry),
          (error) => this.#host.expired(entry, error),
        );
      },
    );
    if (!lasting) this.#forget(id);
    return entry;
  }

  /** Stops every schedule; the connections are about to end. */
  stop(): void {
    for (const timeline of this.#timelines.values()) timeline.stop();
  }

  #acting(): Entry[] {
    return [...this.#entries.values()].filter(({ on }) => on);
  }

  #turn(entry: Entry, on: boolean): void {
    entry.on = on;
    const { toxic, id } = entry;
    if (refuses(toxic)) void this.#host.gate().catch(() => {});
    const dialling = !on && (silences(toxic) || delays(toxic)) && !this.silent();
    for (const connection of [...this.#host.live()]) {
      if (dialling) connection.dial();
      if (on && this.#chosen(entry, connection)) this.#attach(entry, connection);
      if (!on || momentary(toxic)) this.#detach(id, connection);
    }
  }

  #update(entry: Entry, toxic: Toxic, toxicity: number): void {
    checkRange('toxicity', toxicity, { least: 0, most: 1 });
    entry.toxic = toxic;
    entry.toxicity = toxicity;
    if (!entry.on || !this.#entries.has(entry.id)) return;
    if (refuses(toxic)) void this.#host.gate().catch(() => {});
    for (const connection of [...this.#host.live()]) {
      const there = entry.directions.some((direction) => connection.pipes[direction].chain.has(entry.id));
      const chosen = this.#chosen(entry, connection);
      if (there && chosen)
        for (const direction of entry.directions) connection.pipes[direction].replace(toxic, entry.id);
      else if (there) this.#detach(entry.id, connection);
      else if (chosen) this.#attach(entry, connection);
    }
  }

  async #remove(entry: Entry): Promise<void> {
    if (this.#entries.has(entry.id)) {
      this.#forget(entry.id);
      if (entry.on) this.#turn(entry, false);
    }
    if (refuses(entry.toxic)) await this.#host.gate();
  }

  #forget(id: number): void {
    this.#timelines.get(id)?.stop();
    this.#timelines.delete(id);
    this.#entries.delete(id);
  }

  // One draw per connection and toxic, whatever is added or removed meanwhile: a connection hit at 30 % is also hit at
  // 40 %.
  #chosen({ toxicity, name }: Entry, { id }: ToxicTarget): boolean {
    return toxicity >= 1 || createRandom(this.#host.seed, String(id), 'toxicity', name).next() < toxicity;
  }

  #attach({ toxic, id, directions, name }: Entry, connection: ToxicTarget): void {
    for (const direction of directions)
      connection.pipes[direction].chain.attach(
        toxic,
        id,
        createRandom(this.#host.seed, String(connection.id), direction, name),
      );
  }

  #detach(id: number, { pipes }: ToxicTarget): void {
    pipes.upstream.detach(id);
    pipes.downstream.detach(id);
  }
}

const refuses = (toxic: Toxic): boolean => (toxic as Partial<RefusingToxic>).refuses === true;
const silences = (toxic: Toxic): boolean => (toxic as Partial<SilencingToxic>).silences === true;
const momentary = (toxic: Toxic): boolean => (toxic as Partial<MomentaryToxic>).momentary === true;
const delays = (toxic: Toxic): toxic is DialDelayingToxic =>
  typeof (toxic as Partial<DialDelayingToxic>).dialDelayMs === 'function';

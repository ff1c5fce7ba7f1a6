import { randomBytes } from 'node:crypto';
import { ApiError } from './wire/api-error.js';
import type { ApiEvent } from './api-event.js';
import { ManagedProxy } from './managed-proxy.js';
import type { ProxyDescription } from './wire/read-proxy.js';
import { snakeKeys } from './wire/snake-keys.js';

/** The proxies by name, and who listens to what happens to them. */
export class ProxyRegistry {
  readonly seed: string;
  readonly #proxies: Map<string, ManagedProxy> = new Map();
  readonly #listeners: Set<(event: ApiEvent) => void> = new Set();

  #queue: Promise<unknown> = Promise.resolve();

  constructor(seed: string = randomBytes(8).toString('hex')) {
    this.seed = seed;
  }

  all(): readonly ManagedProxy[] {
    return [...this.#proxies.values()];
  }

  /** Waits for the changes of the whole before it. */
  serialize<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(change);
    this.#queue = result.catch(() => {});
    return result;
  }

  /** Throws `ApiError` 404. */
  get(name: string): ManagedProxy {
    const proxy = this.#proxies.get(name);
    if (!proxy) throw new ApiError('proxy not found', 404);
    return proxy;
  }

  find(name: string): ManagedProxy | undefined {
    return this.#proxies.get(name);
  }

  /** Creates and starts it. Throws `ApiError`; then there is no such proxy. */
  async create(description: ProxyDescription): Promise<ManagedProxy> {
    if (this.#proxies.has(description.name)) throw new ApiError('proxy already exists', 409);
    const proxy = this.prepare(description);
    // Reserve the name before the first wait, so that two calls cannot both get it.
    this.#proxies.set(description.name, proxy);
    try {
      if (description.enabled) await proxy.serialize(() => proxy.start());
    } catch (error) {
      this.#proxies.delete(description.name);
      throw error;
    }
    this.emit({ type: 'proxy-created', proxy: proxy.show() });
    return proxy;
  }

  /** Created, but neither started nor registered. Throws `ApiError`. */
  prepare(description: ProxyDescription): ManagedProxy {
    return new ManagedProxy(description, this.seed, (event, toxic) => {
      if (event.type === 'toxic-expired')
        this.emit({
          type: 'toxic-removed',
          proxy: description.name,
          ...(toxic !== undefined && { toxic }),
          expired: true,
        });
      else if (event.type === 'connection-failed')
        this.emit({ type: event.type, proxy: description.name, error: event.error.message });
      // The first datagram of a UDP client counts as its connect.
      else if ('session' in event)
        this.emit({
          type: event.type === 'session-opened' ? 'connection-opened' : 'connection-closed',
          proxy: description.name,
          connection: snakeKeys(event.session),
        });
      else this.emit({ type: event.type, proxy: description.name, connection: snakeKeys(event.connection) });
    });
  }

  /** Registers a prepared proxy under its name. */
  adopt(proxy: ManagedProxy): void {
    this.#proxies.set(proxy.name, proxy);
  }

  /** Unregisters it and frees its resources. */
  remove(proxy: ManagedProxy): void {
    if (this.#proxies.get(proxy.name) === proxy) this.#proxies.delete(proxy.name);
    proxy.retire();
    this.emit({ type: 'proxy-deleted', proxy: { name: proxy.name } });
  }

  /** Closes everything at once. */
  async close(): Promise<void> {
    const proxies = this.all();
    this.#proxies.clear();
    this.#listeners.clear();
    await Promise.all(proxies.map((proxy) => proxy.close()));
  }

  emit(event: ApiEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Returns a function that unsubscribes. */
  subscribe(listener: (event: ApiEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

import type { ChildProcess } from 'node:child_process';
import type { SerializedError } from '@chaos/spec';
import { nextTurn } from '../real-time.js';
import { deserializeError, serializeError } from '../data/serialize-error.js';
import { toPlain } from '../data/plain.js';

/** Marks our messages: all others on the same ipc channel belong to other code and are ignored. */
const ENVELOPE = '@chaos/runner';

/** Time for the peer's answer after it was told to stop, ms. */
const ABORT_MS = 5000;

/** One side's requests (name → [params, result]) and notifications (name → params). */
export interface Protocol {
  readonly requests: Readonly<Record<string, readonly [unknown, unknown]>>;
  readonly notifications: Readonly<Record<string, unknown>>;
}

type Handlers<P extends Protocol> = {
  readonly [M in keyof P['requests']]: (
    params: P['requests'][M][0],
    signal: AbortSignal,
  ) => Promise<P['requests'][M][1]> | P['requests'][M][1];
} & {
  readonly [M in keyof P['notifications']]: (params: P['notifications'][M]) => void;
};

type Packet =
  | { readonly q: number; readonly m: string; readonly p: unknown }
  | { readonly r: number; readonly v?: unknown; readonly e?: SerializedError }
  | { readonly a: number }
  | { readonly n: string; readonly p: unknown };

/** An object with node's ipc: a child process, or `process` itself. */
export type Peer = ChildProcess | NodeJS.Process;

/**
 * Typed requests and notifications over node's ipc. Packets of one turn travel together, in order.
 * When the peer is gone, open requests reject and sends are dropped. Packets may contain any user value: one that JSON
 * cannot carry is converted by {@link toPlain}, and other packets are unaffected. Foreign messages are ignored.
 */
export class Channel<Incoming extends Protocol, Outgoing extends Protocol> {
  readonly #peer: ChildProcess;
  readonly #name: string;
  /** Saved at the start: a test may replace `process.send`. */
  readonly #send: (message: object, done: () => void) => void;
  readonly #handlers: Handlers<Incoming>;
  readonly #open = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  readonly #serving = new Map<number, AbortController>();
  #outbox: Packet[] = [];
  #nextId = 1;
  #closed: Error | undefined;

  /** `name` is the peer's name in errors about missing answers: "slot 0". */
  constructor(peer: Peer, name: string, handlers: Handlers<Incoming>) {
    // Both ends speak the same ipc; only their types differ.
    this.#peer = peer as ChildProcess;
    this.#name = name;
    this.#send = this.#peer.send?.bind(this.#peer) as (message: object, done: () => void) => void;
    this.#handlers = handlers;
    this.#listen();
    this.#peer.on('disconnect', () => this.close(new Error('the other process is gone')));
  }

  notify<M extends keyof Outgoing['notifications'] & string>(method: M, params: Outgoing['notifications'][M]): void {
    this.#post({ n: method, p: params });
  }

  /** Once the signal aborts, the peer has 5 s to end; then this rejects without its answer. */
  request<M extends keyof Outgoing['requests'] & string>(
    method: M,
    params: Outgoing['requests'][M][0],
    signal?: AbortSignal,
  ): Promise<Outgoing['requests'][M][1]> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(this.#closed);
      if (signal?.aborted) return reject(signal.reason as Error);
      const id = this.#nextId++;
      let late: NodeJS.Timeout | undefined;
      const onAbort = (): void => {
        this.#post({ a: id });
        const pid = this.#peer.pid === process.pid ? '' : ` (pid ${this.#peer.pid})`;
        const message = `${this.#name}${pid} did not answer "${method}" within ${ABORT_MS} ms after it was told to stop`;
        late = setTimeout(() => this.#open.get(id)?.reject(new Error(message)), ABORT_MS);
      };
      const end = (): void => {
        this.#open.delete(id);
        clearTimeout(late);
        signal?.removeEventListener('abort', onAbort);
      };
      this.#open.set(id, {
        resolve: (value) => (end(), resolve(value as never)),
        reject: (error) => (end(), reject(error)),
      });
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#post({ q: id, m: method, p: params });
    });
  }

  /**
   * Sends waiting packets now, before code that may block this process for good. Resolves when the system has taken all
   * of them.
   */
  async flush(): Promise<void> {
    if (this.#outbox.length === 0) return;
    const packets = this.#outbox;
    this.#outbox = [];
    if (this.#closed || this.#peer.connected === false) return;
    await new Promise<void>((resolve) => {
      try {
        this.#send({ [ENVELOPE]: packets }, resolve);
      } catch {
        // Something in it cannot be serialized. Nothing was sent yet, so send everything as plain data.
        this.#send({ [ENVELOPE]: packets.map(toPlain) }, resolve);
      }
    });
  }

  /** True once the peer is gone. */
  get closed(): boolean {
    return this.#closed !== undefined;
  }

  /** Rejects all open requests. */
  close(reason: Error): void {
    if (this.#closed) return;
    this.#closed = reason;
    for (const { reject } of [...this.#open.values()]) reject(reason);
    for (const controller of this.#serving.values()) controller.abort(reason);
  }

  // Protects the channel from `process.removeAllListeners()` in a test.
  #listen(): void {
    const peer = this.#peer;
    const onMessage = (message: unknown): void => {
      const packets = (message as { readonly [ENVELOPE]?: unknown } | null)?.[ENVELOPE];
      if (Array.isArray(packets)) for (const packet of packets as readonly Packet[]) this.#take(packet);
    };
    const onRemove = (_: unknown, listener: unknown): void => {
      if (listener === onMessage && !this.#closed) queueMicrotask(() => (listen(), peer.channel?.ref?.()));
    };
    const listen = (): void => {
      peer.off('removeListener', onRemove);
      peer.on('message', onMessage);
      peer.on('removeListener', onRemove);
    };
    listen();
  }

  // A handler that throws fails alone: later packets are still handled.
  #take(packet: Packet): void {
    try {
      this.#receive(packet);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  #post(packet: Packet): void {
    this.#outbox.push(packet);
    if (this.#outbox.length === 1) nextTurn(() => void this.flush());
  }

  #receive(packet: Packet): void {
    if ('q' in packet) void this.#serve(packet.q, packet.m, packet.p);
    else if ('a' in packet)
      this.#serving.get(packet.a)?.abort(new DOMException('The other side aborted the call', 'AbortError'));
    else if ('n' in packet) (this.#handlers as Record<string, (params: unknown) => void>)[packet.n]?.(packet.p);
    else if (packet.e) this.#open.get(packet.r)?.reject(deserializeError(packet.e));
    else this.#open.get(packet.r)?.resolve(packet.v);
  }

  async #serve(id: number, method: string, params: unknown): Promise<void> {
    const controller = new AbortController();
    this.#serving.set(id, controller);
    try {
      const handler = (this.#handlers as Record<string, (params: unknown, signal: AbortSignal) => unknown>)[method];
      if (!handler) throw new TypeError(`Cannot serve the request "${method}"`);
      this.#post({ r: id, v: await handler(params, controller.signal) });
    } catch (error) {
      this.#post({ r: id, e: serializeError(error) });
    } finally {
      this.#serving.delete(id);
    }
  }
}

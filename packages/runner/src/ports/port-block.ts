import { join } from 'node:path';
import { EnvironmentError } from '@chaos/spec';
import { takeLock, type HeldLock } from '../lock-file.js';
import { BAD_PORTS } from './bad-ports.js';
import { lockDirectory } from './lock-directory.js';
import { isBindable } from './is-bindable.js';
import { portHolder } from './port-holder.js';
import { portRange, type PortRange } from './port-range.js';

/** Ports that belong to this process until it releases them or dies; the range is that of the first ones. */
export interface PortBlock extends AsyncDisposable, PortRange {
  /**
   * Returns a port that can be listened on now. The same purpose gets the same port again, unless another process has
   * taken it. Where all are in use, further ones are reserved.
   */
  take(purpose: string): Promise<number>;
  /** A second call does nothing. */
  release(): void;
}

/** Size and range of a block of ports. */
export interface PortBlockOptions {
  /** Ports in a block. Default 20. */
  readonly size?: number;
  /** Default: outside the range of ephemeral ports. */
  readonly range?: PortRange;
  /** Folder of the locks, shared by all users. */
  readonly directory?: string;
}

/**
 * Reserves a block of ports for one slot. Below the ephemeral range, so that a client that reconnects to a closed port
 * cannot get that port as its own; locked by file, so that concurrent runs never collide.
 *
 * @throws EnvironmentError when every block is taken; it names the range and the holders
 */
export async function acquirePortBlock(options: PortBlockOptions = {}): Promise<PortBlock> {
  const reserved = await reserve(options);
  return new Blocks(options, reserved);
}

/** A block that nobody else has. */
interface Reserved extends PortRange {
  readonly lock: HeldLock;
}

async function reserve({ size = 20, range = portRange(), directory }: PortBlockOptions): Promise<Reserved> {
  const folder = lockDirectory(directory);
  const holders = new Set<string>();
  for (let from = range.from; from + size - 1 <= range.to; from += size) {
    const taken = takeLock(join(folder, String(from)));
    if ('heldBy' in taken) {
      if (taken.heldBy) holders.add(`chaos process ${taken.heldBy.pid}`);
      continue;
    }
    const busy = await firstBusyPort(from, size);
    if (busy === undefined) return { from, to: from + size - 1, lock: taken.lock };
    taken.lock.release();
    holders.add(`${portHolder(busy) ?? 'an unknown process'} on port ${busy}`);
  }
  const named = [...holders].slice(0, 5).join(', ');
  throw new EnvironmentError(
    `Cannot reserve ${size} ports: no block in ${range.from}-${range.to} is free, held by ${named || 'nobody (the range is too small)'}${holders.size > 5 ? ` and ${holders.size - 5} more` : ''}`,
    {
      hint: 'End what listens there, or run: chaos heal',
      data: { range, size, holders: [...holders] },
    },
  );
}

class Blocks implements PortBlock {
  readonly from: number;
  readonly to: number;
  readonly #options: PortBlockOptions;
  readonly #blocks: Reserved[];
  readonly #purposes = new Map<string, number>();
  /** One that is being reserved; whoever asks meanwhile waits for it. */
  #more: Promise<void> | undefined;

  constructor(options: PortBlockOptions, first: Reserved) {
    this.from = first.from;
    this.to = first.to;
    this.#options = options;
    this.#blocks = [first];
  }

  async take(purpose: string): Promise<number> {
    const known = this.#purposes.get(purpose);
    if (known !== undefined && (await isBindable(known))) return known;
    for (;;) {
      const blocks = [...this.#blocks];
      const port = await this.#find(purpose, blocks);
      if (port !== undefined) return port;
      // Another call may have got more meanwhile.
      if (blocks.length === this.#blocks.length) await this.#grow(purpose);
    }
  }

  release(): void {
    for (const { lock } of this.#blocks) lock.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.release();
  }

  async #find(purpose: string, blocks: readonly Reserved[]): Promise<number | undefined> {
    for (const { from, to } of blocks)
      for (let port = from; port <= to; port += 1) {
        if (BAD_PORTS.has(port) || [...this.#purposes.values()].includes(port)) continue;
        // Reserve before probing: two concurrent calls must not get the same port.
        this.#purposes.set(purpose, port);
        if (await isBindable(port)) return port;
      }
    this.#purposes.delete(purpose);
    return undefined;
  }

  async #grow(purpose: string): Promise<void> {
    this.#more ??= reserve(this.#options)
      .then((block) => void this.#blocks.push(block))
      .finally(() => (this.#more = undefined));
    try {
      await this.#more;
    } catch (cause) {
      const used = [...this.#purposes].map(([name, port]) => `${name} ${port}`).join(', ');
      const ranges = this.#blocks.map(({ from, to }) => `${from}-${to}`).join(' and ');
      throw new EnvironmentError(
        `Cannot find a port for ${purpose}: all of ${ranges} are in use (${used}), and no more can be reserved: ${(cause as Error).message}`,
        { cause, hint: 'End what listens there, or run: chaos heal' },
      );
    }
  }
}

async function firstBusyPort(from: number, size: number): Promise<number | undefined> {
  for (let port = from; port < from + size; port += 1) if (!(await isBindable(port))) return port;
  return undefined;
}

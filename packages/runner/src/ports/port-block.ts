import { join } from 'node:path';
import { EnvironmentError } from '@chaos/spec';
import { takeLock, type HeldLock } from '../lock-file.js';
import { BAD_PORTS } from './bad-ports.js';
import { lockDirectory } from './lock-directory.js';
import { isBindable } from './is-bindable.js';
import { portHolder } from './port-holder.js';
import { portRange, type PortRange } from './port-range.js';

/** Ports that belong to this process until it releases them or dies. */
export interface PortBlock extends AsyncDisposable, PortRange {
  /**
   * Returns a port that can be listened on now. The same purpose gets the same port again, unless another process has
   * taken it.
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
export async function acquirePortBlock({
  size = 20,
  range = portRange(),
  directory,
}: PortBlockOptions = {}): Promise<PortBlock> {
  const folder = lockDirectory(directory);
  const holders = new Set<string>();
  for (let from = range.from; from + size - 1 <= range.to; from += size) {
    const taken = takeLock(join(folder, String(from)));
    if ('heldBy' in taken) {
      if (taken.heldBy) holders.add(`chaos process ${taken.heldBy.pid}`);
      continue;
    }
    const busy = await firstBusyPort(from, size);
    if (busy === undefined) return block({ from, to: from + size - 1 }, taken.lock);
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

function block(range: PortRange, lock: HeldLock): PortBlock {
  const purposes = new Map<string, number>();
  const take = async (purpose: string): Promise<number> => {
    const known = purposes.get(purpose);
    if (known !== undefined && (await isBindable(known))) return known;
    for (let port = range.from; port <= range.to; port += 1) {
      if (BAD_PORTS.has(port) || [...purposes.values()].includes(port)) continue;
      // Reserve before probing: two concurrent calls must not get the same port.
      purposes.set(purpose, port);
      if (await isBindable(port)) return port;
    }
    purposes.delete(purpose);
    throw new EnvironmentError(
      `Cannot find a port for ${purpose}: all of ${range.from}-${range.to} are in use (${[...purposes].map(([name, port]) => `${name} ${port}`).join(', ')})`,
      {
        hint: 'End what listens there, or run: chaos heal',
      },
    );
  };
  const release = (): void => lock.release();
  return { ...range, take, release, [Symbol.asyncDispose]: async () => release() };
}

async function firstBusyPort(from: number, size: number): Promise<number | undefined> {
  for (let port = from; port < from + size; port += 1) if (!(await isBindable(port))) return port;
  return undefined;
}

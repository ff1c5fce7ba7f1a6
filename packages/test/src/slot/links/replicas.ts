import { isExiting } from '@chaos/env/process';
import type { Address } from '@chaos/net-proxy';

interface Replica {
  port: number;
  /** `undefined` while none runs. */
  pid: number | undefined;
}

/** The copies of one program behind a link: those that run get its connections in turn. */
export class Replicas {
  /** By the name of the copy. */
  readonly #copies: ReadonlyMap<string, Replica>;
  #last = -1;

  /** @param ports of the loopback device, by the name of the copy */
  constructor(ports: ReadonlyMap<string, number>) {
    this.#copies = new Map([...ports].map(([name, port]) => [name, { port, pid: undefined }]));
  }

  /** A copy has another process, or none. */
  runs(name: string, { port, pid }: Replica): void {
    Object.assign(this.#copies.get(name) ?? {}, { port, pid });
  }

  /** True where none runs: connections are refused then, as they are without a link. */
  areGone(): boolean {
    return ![...this.#copies.values()].some(isUp);
  }

  /** The next one that runs, or the first one where none does. */
  next(): Address {
    const copies = [...this.#copies.values()];
    for (let step = 1; step <= copies.length; step++) {
      const at = (this.#last + step) % copies.length;
      const { port } = copies[at] as Replica;
      if (!isUp(copies[at] as Replica)) continue;
      this.#last = at;
      return { host: '127.0.0.1', port };
    }
    return { host: '127.0.0.1', port: (copies[0] as Replica).port };
  }
}

function isUp({ pid }: Replica): boolean {
  return pid !== undefined && !isExiting(pid);
}

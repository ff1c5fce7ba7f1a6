import type { LinkDirection } from '@chaos/spec';
import type { Chain } from './chain.js';
import type { Toxic } from './toxic.js';

/** One direction of a connection that toxics act on. */
export interface ToxicPipe {
  readonly chain: Chain;
  replace(toxic: Toxic, toxicId: number): void;
  detach(toxicId: number): void;
}

/** A connection that toxics act on, or the session that stands for one between two UDP endpoints. */
export interface ToxicTarget {
  readonly id: number;
  readonly pipes: Readonly<Record<LinkDirection, ToxicPipe>>;
  /** Starts, after toxics were attached. */
  start(dial: boolean, delayMs: number): void;
  /** Dials the upstream if it was not dialled yet. */
  dial(): void;
}

import type { LinkDirection } from '@chaos/spec';
import type { Chain } from './chain.js';
import type { Toxic } from './toxic.js';

/** One direction of what toxics act on. */
export interface ToxicPipe {
  readonly chain: Chain;
  replace(toxic: Toxic, toxicId: number): void;
  detach(toxicId: number): void;
}

/** What toxics act on: a connection, or what stands for one between two UDP endpoints. */
export interface ToxicTarget {
  readonly id: number;
  readonly pipes: Readonly<Record<LinkDirection, ToxicPipe>>;
  /** Begins, after toxics were attached. */
  start(dial: boolean, delayMs: number): void;
  /** Dials the upstream if that was not done yet. */
  dial(): void;
}

import { checkRange } from '@chaos/spec';
import type { DatagramToxic } from '../toxic.js';

/** Attributes of {@link loss}. */
export interface LossAttributes {
  /** Share of datagrams, 0 to 1. */
  readonly ratio: number;
  /**
   * Mean number of datagrams lost in a row, at least 1: above 1 they are lost in bursts (Gilbert's model). Default 1:
   * independently.
   */
  readonly burst?: number;
}

/** Loses datagrams of a UDP proxy: independently, or in bursts of geometric length. Throws `RangeError`. */
export function loss({ ratio, burst = 1 }: LossAttributes): DatagramToxic {
  checkRange('ratio', ratio, { least: 0, most: 1 });
  checkRange('burst', burst, { least: 1, most: 1_000_000 });
  // In this chain of two states, the bad state has `ratio` of the time, and a mean stay of `burst` datagrams.
  const leave = 1 / burst;
  const enter = ratio === 1 ? 1 : Math.min(1, (leave * ratio) / (1 - ratio));
  return {
    type: 'loss',
    datagramsOnly: true,
    attach({ random, forward, drop }) {
      let bad = false;
      return {
        chunk(chunk) {
          bad =
            burst === 1 || ratio === 1 ? random.next() < ratio : bad ? random.next() >= leave : random.next() < enter;
          if (bad) drop(chunk);
          else forward(chunk);
        },
      };
    },
  };
}

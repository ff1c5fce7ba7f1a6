import { checkRange } from '@chaos/spec';
import type { Chunk, Stage, Toxic, Wire } from '../toxic.js';

/** Attributes of {@link limitData}. */
export interface LimitDataAttributes {
  readonly bytes: number;
}

/**
 * Lets exactly this many bytes of each connection pass, counted from the moment the toxic was added, then closes it
 * (FIN). A change of `bytes` keeps the count. Throws `RangeError`.
 */
export function limitData({ bytes }: LimitDataAttributes): Toxic {
  checkRange('bytes', bytes, { least: 0, most: Number.MAX_SAFE_INTEGER, whole: true });
  return {
    type: 'limit_data',
    attach: (wire, before) => new LimitStage(wire, bytes, before instanceof LimitStage ? before.passed : 0),
  };
}

class LimitStage implements Stage {
  passed: number;
  readonly #wire: Wire;
  readonly #limit: number;

  constructor(wire: Wire, limit: number, passed: number) {
    this.#wire = wire;
    this.#limit = limit;
    this.passed = passed;
  }

  chunk({ data, arrivedMs }: Chunk): void {
    const left = Math.max(0, this.#limit - this.passed);
    const rest = this.#wire.datagrams && data.length > left ? 0 : left;
    if (data.length < rest) {
      this.passed += data.length;
      return this.#wire.forward({ data, arrivedMs });
    }
    this.passed += rest;
    if (rest > 0) this.#wire.forward({ data: data.subarray(0, rest), arrivedMs });
    if (data.length > rest) this.#wire.drop({ data: data.subarray(rest), arrivedMs });
    this.#wire.close();
  }
}

import type { NetworkFault } from '../fault/network-fault.js';
import { expectation } from './expectation.js';
import { inRounds } from './in-rounds.js';
import { judge } from './judge.js';
import { probe, type ProbeOptions, type ProbeResult } from './probe.js';

/** What is checked, and against what. */
export interface VerifyOptions extends ProbeOptions {
  /** The faults that are on; none: that they are off again. */
  readonly faults: readonly NetworkFault[];
  /** A probe from before; without it the way is taken to have no delay of its own. */
  readonly baseline?: ProbeResult;
  /** How far a delay may be off: of its size, and in ms on top of that. Default 0.25 and 15. */
  readonly tolerance?: { readonly ratio: number; readonly ms: number };
}

/** How far a delay may be off where nobody says it. */
export const TOLERANCE = { ratio: 0.25, ms: 15 } as const;

/**
 * Measures by handshakes whether faults are really on, or really off: a command that succeeded is no proof. It sees
 * delays, losses and partitions; a rate, duplicates and flipped bits are not seen by so few packets. A difference is
 * told only where the spread of the baseline and a busy machine do not explain it, three times in a row.
 *
 * @throws ChaosError `FAULT_NOT_AS_PLANNED` with what was expected and what was measured; `FAULT_UNVERIFIED` where the
 *   machine is too busy to tell
 */
export async function verify({
  faults,
  baseline,
  tolerance = TOLERANCE,
  ...options
}: VerifyOptions): Promise<ProbeResult> {
  const { port, signal = new AbortController().signal } = options;
  const expected = expectation(faults, port);
  return await inRounds(
    async () => {
      const measured = await probe(options);
      return {
        measured,
        judgement: judge({ expected, measured, control: baseline, concurrent: false, tolerance }),
      };
    },
    { port, expected, signal },
  );
}

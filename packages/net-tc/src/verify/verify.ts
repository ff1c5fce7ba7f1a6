import type { NetworkFault } from '../fault/network-fault.js';
import { expectation } from './expectation.js';
import { inRounds } from './in-rounds.js';
import { judge } from './judge.js';
import { probe, type ProbeOptions, type ProbeResult } from './probe.js';

/** Faults to verify, and the baseline to compare with. */
export interface VerifyOptions extends ProbeOptions {
  /** The faults that are on; an empty list means that they must be off again. */
  readonly faults: readonly NetworkFault[];
  /** A probe from before the fault; without it the path is assumed to have no delay of its own. */
  readonly baseline?: ProbeResult;
  /** Tolerated error of a delay: a share of the delay, plus a number of ms. Default 0.25 and 15. */
  readonly tolerance?: { readonly ratio: number; readonly ms: number };
}

/** Default tolerance of a delay. */
export const TOLERANCE = { ratio: 0.25, ms: 15 } as const;

/**
 * Measures with handshakes whether faults are really on, or really off: a successful command is no proof. It sees
 * delays, losses and partitions; a rate, duplicates and corruption do not show in so few packets. It reports a
 * difference only if the spread of the baseline and a busy machine do not explain it, three times in a row.
 *
 * @throws ChaosError `FAULT_NOT_AS_PLANNED` with what was expected and what was measured; `FAULT_UNVERIFIED` where the
 * machine is too busy to tell
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

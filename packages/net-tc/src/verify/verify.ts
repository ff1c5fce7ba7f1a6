import { ChaosError } from '@chaos/spec';
import type { NetworkFault } from '../fault/network-fault.js';
import { expectation } from './expectation.js';
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

/** A SYN that gets lost is sent again after a second; what takes longer than this was lost once. */
const RETRANSMITTED_MS = 900;
const DEVIATIONS = 3.5;

/**
 * Measures by handshakes whether faults are really on, or really off: a command that succeeded is no proof. It sees
 * delays, losses and partitions; a rate, duplicates and flipped bits are not seen by so few packets.
 *
 * @throws ChaosError `FAULT_NOT_AS_PLANNED` with what was expected and what was measured
 */
export async function verify({
  faults,
  baseline,
  tolerance = { ratio: 0.25, ms: 15 },
  ...options
}: VerifyOptions): Promise<ProbeResult> {
  const measured = await probe(options);
  const expected = expectation(faults, options.port);
  const count = measured.connectMs.length + measured.refused + measured.silent;
  const fail = (what: string, wanted: string, got: string): never => {
    throw new ChaosError(
      'FAULT_NOT_AS_PLANNED',
      `The network to port ${options.port} is not as planned: ${what} should be ${wanted}, is ${got}`,
      {
        hint: 'Does the match fit this port, and this device? `chaos net show` tells what is on it.',
        data: { measured, expected },
      },
    );
  };
  if (expected.cut) {
    if (measured.connectMs.length > 0) fail('connections', '0', `${measured.connectMs.length} of ${count}`);
    return measured;
  }
  const late = measured.connectMs.filter((ms) => ms > RETRANSMITTED_MS + expected.delayMs).length + measured.silent;
  const deviation = Math.sqrt((expected.lossRatio * (1 - expected.lossRatio) * expected.lossSpread) / count);
  if (
    !expected.unseen.includes('loss') &&
    Math.abs(late / count - expected.lossRatio) > DEVIATIONS * deviation + 1.5 / count
  )
    fail(
      'the share of connections that had to be tried again',
      expected.lossRatio.toFixed(3),
      (late / count).toFixed(3),
    );
  if (measured.refused > 0) fail('refused connections', '0', String(measured.refused));
  // A queue before a rate, a slot and packets that overtake change how long a handshake takes.
  if (
    expected.rates.to !== undefined ||
    expected.rates.from !== undefined ||
    expected.unseen.some((effect) => effect === 'slot' || effect === 'reorder')
  )
    return measured;
  // The faster ones: what a busy machine adds to some is no fault.
  const quartile = (values: readonly number[]): number => values[Math.floor(values.length / 4)] ?? 0;
  const addedMs =
    quartile(measured.connectMs.filter((ms) => ms <= RETRANSMITTED_MS + expected.delayMs)) -
    quartile(baseline?.connectMs ?? []);
  if (Math.abs(addedMs - expected.delayMs) > expected.delayMs * tolerance.ratio + expected.jitterMs + tolerance.ms)
    fail('the delay of a handshake', `${expected.delayMs} ms`, `${addedMs.toFixed(1)} ms`);
  return measured;
}

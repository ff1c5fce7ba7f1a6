import { ChaosError } from '@chaos/spec';
import type { NetworkFault } from '../fault/network-fault.js';
import { resolveFault, type Effects } from '../fault/resolve-fault.js';
import type { ResolvedMatch } from '../fault/resolve-match.js';
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
 * Measures by handshakes whether faults are really on, or really off: a command that succeeded is no proof. It sees delays, losses and
 * partitions; a rate, duplicates and flipped bits are not seen by so few packets.
 *
 * @throws ChaosError `FAULT_NOT_AS_PLANNED` with what was expected and what was measured
 */
export async function verify({ faults, baseline, tolerance = { ratio: 0.25, ms: 15 }, ...options }: VerifyOptions): Promise<ProbeResult> {
  const measured = await probe(options);
  const expected = expectation(faults, options.port);
  const count = measured.connectMs.length + measured.refused + measured.silent;
  const fail = (what: string, wanted: string, got: string): never => {
    throw new ChaosError('FAULT_NOT_AS_PLANNED', `The network to port ${options.port} is not as planned: ${what} should be ${wanted}, is ${got}`, { hint: 'Does the match fit this port, and this device? `chaos net show` tells what is on it.', data: { measured, expected } });
  };
  if (expected.cut) {
    if (measured.connectMs.length > 0) fail('connections', '0', `${measured.connectMs.length} of ${count}`);
    return measured;
  }
  const late = measured.connectMs.filter((ms) => ms > RETRANSMITTED_MS + expected.delayMs).length + measured.silent;
  const deviation = Math.sqrt((expected.lossRatio * (1 - expected.lossRatio)) / count);
  if (Math.abs(late / count - expected.lossRatio) > DEVIATIONS * deviation + 1.5 / count) fail('the share of connections that had to be tried again', expected.lossRatio.toFixed(3), (late / count).toFixed(3));
  if (measured.refused > 0) fail('refused connections', '0', String(measured.refused));
  // The faster ones: what a busy machine adds to some is no fault.
  const quartile = (values: readonly number[]): number => values[Math.floor(values.length / 4)] ?? 0;
  const addedMs = quartile(measured.connectMs.filter((ms) => ms <= RETRANSMITTED_MS + expected.delayMs)) - quartile(baseline?.connectMs ?? []);
  if (Math.abs(addedMs - expected.delayMs) > expected.delayMs * tolerance.ratio + expected.jitterMs + tolerance.ms) fail('the delay of a handshake', `${expected.delayMs} ms`, `${addedMs.toFixed(1)} ms`);
  return measured;
}

interface Expectation {
  readonly delayMs: number;
  readonly jitterMs: number;
  /** Of the handshake: either of its packets. */
  readonly lossRatio: number;
  readonly cut: boolean;
}

// A handshake is one packet to the port and one from it; which hosts they are of cannot be told from here.
function expectation(faults: readonly NetworkFault[], port: number): Expectation {
  const hits = faults.map(resolveFault).flatMap(({ match, exclude, effects, direction }) => {
    const meets = (way: 'to' | 'from'): boolean => match.some((one) => selects(one, way, port)) && !exclude.some((one) => selects(one, way, port));
    const times = (meets('to') ? 1 : 0) + (meets('from') ? 1 : 0);
    return Array.from({ length: direction === 'both' ? 2 * times : times }, (): Effects => effects);
  });
  const passes = hits.reduce((share, { loss }) => share * (1 - (loss?.model === 'random' ? loss.lossRatio : 0)), 1);
  return {
    delayMs: hits.reduce((sum, { delay }) => sum + (delay?.delayMs ?? 0), 0),
    jitterMs: hits.reduce((sum, { delay }) => sum + (delay?.jitterMs ?? 0), 0),
    lossRatio: 1 - passes,
    cut: hits.some(({ partition }) => partition !== undefined),
  };
}

function selects({ protocol, destinationPorts, sourcePorts }: ResolvedMatch, way: 'to' | 'from', port: number): boolean {
  if (protocol === 'udp') return false;
  const [own, other] = way === 'to' ? [destinationPorts, sourcePorts] : [sourcePorts, destinationPorts];
  return (own.length === 0 || own.some(({ from, to }) => port >= from && port <= to)) && other.length === 0;
}

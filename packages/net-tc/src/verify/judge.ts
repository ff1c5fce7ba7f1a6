import { binomialTail, quantile, rankTest } from '@chaos/stats';
import type { Expectation } from './expectation.js';
import type { ProbeResult } from './probe.js';

/** Measured handshakes, and the same handshakes without the fault. */
export interface Evidence {
  readonly expected: Expectation;
  readonly measured: ProbeResult;
  /** Handshakes without the fault; if absent, the path is assumed to have no delay of its own. */
  readonly control: ProbeResult | undefined;
  /** True if both were measured at the same time, so that the machine's noise hit both. */
  readonly concurrent: boolean;
  /** Tolerated error of a delay: a share of the delay, plus a number of ms. */
  readonly tolerance: { readonly ratio: number; readonly ms: number };
}

/**
 * `different`: neither chance nor a busy machine explains the measurement. `unclear`: it is off, but they might explain
 * it.
 */
export type Judgement =
  | { readonly verdict: 'as planned' }
  | {
      readonly verdict: 'different' | 'unclear';
      readonly what: string;
      readonly wanted: string;
      readonly got: string;
    };

/** The kernel resends a lost SYN after a second, so a handshake longer than this lost one packet. */
const RETRANSMITTED_MS = 900;
/** Probability that one measurement differs by chance. */
const ALPHA = 1e-4;
const AS_PLANNED: Judgement = { verdict: 'as planned' };
/** A process held up for this long, ms, may lose handshakes without any fault. */
const LONG_HOLD_MS = 300;

/**
 * Compares handshakes under faults with the expectation. Makes no assumption about the distribution of the machine's
 * noise: delays are compared by rank with those without the fault, ratios by exact binomial tails.
 */
export function judge(evidence: Evidence): Judgement {
  const { expected, measured, control, concurrent } = evidence;
  const count = measured.connectMs.length + measured.refused + measured.silent;
  if (expected.cut) {
    if (measured.connectMs.length > 0)
      return off('different', 'connections', '0', `${measured.connectMs.length} of ${count}`);
    // Unanswered handshakes prove nothing if the control handshakes are unanswered, too.
    return concurrent && measured.silent > 0 && control?.connectMs.length === 0
      ? off('unclear', 'connections beside it', 'answered', 'silent as well')
      : AS_PLANNED;
  }
  const losses = judgeLosses(evidence, count);
  if (losses.verdict === 'different') return losses;
  if (measured.refused > 0) return off('different', 'refused connections', '0', String(measured.refused));
  const delay = judgeDelay(evidence);
  return delay.verdict === 'as planned' ? losses : delay;
}

function judgeLosses({ expected, measured, control, concurrent }: Evidence, count: number): Judgement {
  const { lossRatio, lossSpread, delayMs, unseen } = expected;
  if (unseen.includes('loss')) return AS_PLANNED;
  const late = lateOf(measured, delayMs);
  const beside = control && { late: lateOf(control, 0), count: control.connectMs.length + control.silent };
  // Losses in bursts carry as much information as a smaller number of independent ones.
  const [trials, losses] = [count / lossSpread, late / lossSpread];
  const tooFew = 1 - binomialTail(Math.floor(losses) + 1, trials, lossRatio);
  const naive = binomialTail(losses, trials, lossRatio);
  const heldUp = !concurrent && (measured.heldUpMs ?? 0) > LONG_HOLD_MS;
  const tooMany = beside ? Math.max(naive, byNoise({ losses, trials, lossRatio, ...beside })) : naive;
  const verdict =
    tooFew < ALPHA || (tooMany < ALPHA && !heldUp)
      ? 'different'
      : // As much is lost where nothing should be: that the fault acts does not show.
        naive < ALPHA || (lossRatio > 0 && beside && beside.late / beside.count > lossRatio / 2)
        ? 'unclear'
        : undefined;
  if (verdict === undefined) return AS_PLANNED;
  const share = (part: number, all: number): string => (part / all).toFixed(3);
  const without = beside && beside.late > 0 ? ` (without the fault ${share(beside.late, beside.count)})` : '';
  return off(
    verdict,
    'the share of connections that had to be tried again',
    lossRatio.toFixed(3),
    `${share(late, count)}${without}`,
  );
}

function lateOf({ connectMs, silent }: ProbeResult, delayMs: number): number {
  return connectMs.filter((ms) => ms > RETRANSMITTED_MS + delayMs).length + silent;
}

/**
 * Probability of so many losses if the machine itself loses some. The control shows how many: take the worst case over
 * all loss ratios of the machine, each weighted by how well it fits the control.
 */
function byNoise(seen: {
  readonly losses: number;
  readonly trials: number;
  readonly lossRatio: number;
  readonly late: number;
  readonly count: number;
}): number {
  let worst = 0;
  for (let step = 0; step <= 64; step++) {
    const noise = (step / 64) ** 2;
    const many = binomialTail(seen.losses, seen.trials, 1 - (1 - seen.lossRatio) * (1 - noise));
    const few = 1 - binomialTail(seen.late + 1, seen.count, noise);
    // Two independent probabilities have a product below t in t · (1 - ln t) of all cases (Fisher).
    const product = many * few;
    if (product > 0) worst = Math.max(worst, Math.min(1, product * (1 - Math.log(product))));
  }
  return worst;
}

function judgeDelay({ expected, measured, control, concurrent, tolerance }: Evidence): Judgement {
  const { delayMs, jitterMs, rates, unseen } = expected;
  // A queue before a rate, a slot and packets that overtake change how long a handshake takes.
  if (rates.to !== undefined || rates.from !== undefined || unseen.some((one) => one === 'slot' || one === 'reorder'))
    return AS_PLANNED;
  const on = measured.connectMs.filter((ms) => ms <= RETRANSMITTED_MS + delayMs);
  const without = control ? control.connectMs.filter((ms) => ms <= RETRANSMITTED_MS) : on.map(() => 0);
  if (on.length === 0 || without.length === 0) return AS_PLANNED;
  const marginMs = delayMs * tolerance.ratio + jitterMs + tolerance.ms;
  const slackMs = marginMs + (concurrent ? 0 : (measured.heldUpMs ?? 0));
  const shifted = (byMs: number): readonly number[] => without.map((ms) => ms + byMs);
  const slower = rankTest(on, shifted(delayMs + slackMs)) < ALPHA;
  // If no delay is planned, "faster than before" only shows that the machine was busier before.
  const faster = delayMs > marginMs && rankTest(shifted(delayMs - marginMs), on) < ALPHA;
  const addedMs = quantile(on, 0.5) - quantile(without, 0.5);
  const isOff = addedMs > delayMs + marginMs || (delayMs > marginMs && addedMs < delayMs - marginMs);
  if (!slower && !faster && !isOff) return AS_PLANNED;
  return off(
    slower || faster ? 'different' : 'unclear',
    'the delay of a handshake',
    `${delayMs} ms`,
    `${addedMs.toFixed(1)} ms`,
  );
}

function off(verdict: 'different' | 'unclear', what: string, wanted: string, got: string): Judgement {
  return { verdict, what, wanted, got };
}

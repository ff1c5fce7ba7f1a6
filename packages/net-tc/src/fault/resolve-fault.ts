import { checkRange } from '@chaos/spec';
import { RATIO } from './ratio.js';
import type { Delay, Distribution, NetworkFault, Partition, Rate, Reorder, Share, Slot } from './network-fault.js';
import { resolveLoss, type ResolvedLoss } from './resolve-loss.js';
import { resolveMatches, type ResolvedMatch } from './resolve-match.js';

/** Effects with all defaults; each effect is complete or `undefined`. */
export interface Effects {
  readonly delay: Required<Delay> | undefined;
  readonly loss: ResolvedLoss | undefined;
  readonly duplicate: Required<Share> | undefined;
  readonly reorder: Required<Reorder> | undefined;
  readonly corrupt: Required<Share> | undefined;
  readonly rate: ResolvedRate | undefined;
  readonly slot: Required<Slot> | undefined;
  readonly partition: Partition | undefined;
  readonly limitPackets: number | undefined;
  readonly seed: number | undefined;
}

/** A rate limit with its defaults; `burstBytes` 0 means what the layout computes for the device. */
export type ResolvedRate = Required<Rate>;

/** A {@link NetworkFault} with all defaults. */
export interface ResolvedFault {
  readonly match: readonly ResolvedMatch[];
  readonly exclude: readonly ResolvedMatch[];
  readonly direction: 'egress' | 'ingress' | 'both';
  readonly effects: Effects;
}

/** Value for a limit of slots that is not set; netem reads 0 as "no limit". */
const NO_LIMIT = 0;

/** Checks a fault and applies its defaults. @throws RangeError or TypeError with the value that is wrong. */
export function resolveFault(fault: NetworkFault): ResolvedFault {
  const { direction = 'egress', partition } = fault;
  if (!['egress', 'ingress', 'both'].includes(direction))
    throw new RangeError(
      `Cannot plan a fault: direction must be egress, ingress or both, current value is ${JSON.stringify(direction)}`,
    );
  if (partition !== undefined && !['drop', 'reset', 'icmp', 'blackhole'].includes(partition))
    throw new RangeError(
      'Cannot plan a fault: partition must be drop, reset, icmp or blackhole, ' +
        `current value is ${JSON.stringify(partition)}`,
    );
  const effects: Effects = {
    delay: fault.delay && resolveDelay(fault.delay, fault.reorder !== undefined),
    loss: fault.loss && resolveLoss(fault.loss),
    duplicate: fault.duplicate && resolveShare('duplicate', fault.duplicate),
    reorder: fault.reorder && {
      ...resolveShare('reorder', fault.reorder),
      gap: checkRange('reorder.gap', fault.reorder.gap ?? 1, { least: 1, most: 2 ** 31, whole: true }),
    },
    corrupt: fault.corrupt && resolveShare('corrupt', fault.corrupt),
    rate: fault.rate && resolveRate(fault.rate),
    slot: fault.slot && resolveSlot(fault.slot),
    partition,
    limitPackets:
      fault.limitPackets === undefined
        ? undefined
        : checkRange('limitPackets', fault.limitPackets, { least: 1, most: 2 ** 31, whole: true }),
    seed:
      fault.seed === undefined
        ? undefined
        : checkRange('seed', fault.seed, { least: 0, most: Number.MAX_SAFE_INTEGER, whole: true }),
  };
  const acts = [
    effects.delay,
    effects.loss,
    effects.duplicate,
    effects.reorder,
    effects.corrupt,
    effects.rate,
    effects.slot,
    partition,
  ];
  if (acts.every((effect) => effect === undefined))
    throw new TypeError(
      'Cannot plan a fault: it has no effect; give one of delay, loss, duplicate, reorder, corrupt, ' +
        'rate, slot, partition',
    );
  if (effects.reorder && !(effects.delay && effects.delay.delayMs > 0))
    throw new TypeError('Cannot plan a fault: reorder needs a delay, which the packets that keep their turn get');
  const match = resolveMatches(fault.match);
  return {
    match: match.length === 0 ? resolveMatches({}) : match,
    exclude: resolveMatches(fault.exclude),
    direction,
    effects,
  };
}

function resolveDelay(delay: Delay, reorders: boolean): Required<Delay> {
  const { delayMs, jitterMs = 0, correlation = 0, distribution = 'uniform', keepOrder = !reorders } = delay;
  checkRange('delay.delayMs', delayMs, { least: 0, most: 3_600_000 });
  checkRange('delay.jitterMs', jitterMs, { least: 0, most: 3_600_000 });
  checkRange('delay.correlation', correlation, RATIO);
  checkDistribution(distribution);
  return { delayMs, jitterMs, correlation, distribution, keepOrder };
}

function checkDistribution(distribution: Distribution): void {
  if (typeof distribution === 'string') {
    if (!['uniform', 'normal', 'pareto', 'paretonormal', 'experimental'].includes(distribution))
      throw new RangeError(
        'Cannot plan a delay: distribution must be uniform, normal, pareto, paretonormal, ' +
          `experimental or a table, current value is ${JSON.stringify(distribution)}`,
      );
    return;
  }
  const { table } = distribution;
  if (!Array.isArray(table) || table.length === 0 || table.length > 16_384)
    throw new RangeError(
      `Cannot plan a delay: a distribution table has 1 to 16384 values, this one has ${table?.length}`,
    );
  const wrong = table.find((value) => !Number.isInteger(value) || value < -32_768 || value > 32_767);
  if (wrong !== undefined)
    throw new RangeError(
      `Cannot plan a delay: values of a distribution table are whole numbers from -32768 to 32767, one is ${wrong}`,
    );
}

function resolveShare(name: string, { ratio, correlation = 0 }: Share): Required<Share> {
  return {
    ratio: checkRange(`${name}.ratio`, ratio, RATIO),
    correlation: checkRange(`${name}.correlation`, correlation, RATIO),
  };
}

function resolveRate({ rateBitsPerSecond, by = 'htb', burstBytes = 0, queuePackets = 1000 }: Rate): ResolvedRate {
  if (!['htb', 'tbf', 'netem'].includes(by))
    throw new RangeError(`Cannot plan a rate: by must be htb, tbf or netem, current value is ${JSON.stringify(by)}`);
  checkRange('rate.rateBitsPerSecond', rateBitsPerSecond, { least: 8, most: 1e12, whole: true });
  checkRange('rate.burstBytes', burstBytes, { least: 0, most: 2 ** 31, whole: true });
  checkRange('rate.queuePackets', queuePackets, { least: 1, most: 2 ** 31, whole: true });
  return { rateBitsPerSecond, by, burstBytes, queuePackets };
}

function resolveSlot({
  minDelayMs,
  maxDelayMs = minDelayMs,
  packets = NO_LIMIT,
  bytes = NO_LIMIT,
}: Slot): Required<Slot> {
  checkRange('slot.minDelayMs', minDelayMs, { least: 0, most: 3_600_000 });
  checkRange('slot.maxDelayMs', maxDelayMs, { least: minDelayMs, most: 3_600_000 });
  checkRange('slot.packets', packets, { least: 0, most: 2 ** 31 - 1, whole: true });
  checkRange('slot.bytes', bytes, { least: 0, most: 2 ** 31 - 1, whole: true });
  return { minDelayMs, maxDelayMs, packets, bytes };
}

import { CapabilityMissing } from '@chaos/spec';
import type { Effects } from '../fault/resolve-fault.js';
import { correlationNotes } from './correlation-notes.js';
import type { TcCapabilities, TcCapabilityName } from './tc-capabilities.js';

/** The effects of one fault by the part of the kernel that makes them. */
export interface DividedEffects {
  /** For a class of traffic control; `undefined` where nothing is left for it. */
  readonly shape: Effects | undefined;
  /** nft statements that drop or reject packets. */
  readonly verdicts: readonly string[];
  /** True if a blackhole route refuses the packets. */
  readonly blackhole: boolean;
  /** Differences between the request and these effects. */
  readonly notes: readonly string[];
}

const EVERYTHING = { model: 'random', lossRatio: 1, correlation: 0, ecn: false } as const;
const PER_MILLION = 1_000_000;
const PROXY = 'the proxy backend (network.backend: proxy, or @chaos/net-proxy) does it on any kernel';
/** Hints for effects of netem on a kernel without it. */
const SUBSTITUTES: Readonly<Record<string, string>> = {
  delay: PROXY,
  loss: 'random loss without correlation and ecn works without it',
  duplicate: 'nothing else can do it',
  reorder: 'nothing else can do it',
  corrupt: PROXY,
  rate: 'rate by htb or tbf works without it',
  slot: 'nothing else can do it',
};

/**
 * Assigns each effect to a part of the kernel: netem where it exists, nft's random numbers for plain loss without
 * netem, nft for partitions.
 * @throws CapabilityMissing for effects that nothing here can do; the hint names the substitute and the way to get the
 * missing part
 */
export function divideEffects(effects: Effects, capabilities: TcCapabilities): DividedEffects {
  const { partition, seed, rate } = effects;
  const filtered = !capabilities.nft.available;
  // Filters of traffic control choose packets as well, but only a class can drop them then.
  const loss = filtered && partition === 'drop' ? EVERYTHING : effects.loss;
  // nft's random numbers can do it as well as netem.
  const plain = loss?.model === 'random' && loss.correlation === 0 && !loss.ecn;
  if (plain && filtered && !capabilities.netem.available)
    demand(capabilities, 'nft', partition === 'drop' ? 'partition: drop' : 'random loss');
  const substituted = plain && !filtered && !capabilities.netem.available;
  const unseeded = seed !== undefined && !capabilities['netem-seed'].available;
  const shape: Effects = {
    ...effects,
    partition: undefined,
    loss: substituted ? undefined : loss,
    seed: unseeded ? undefined : seed,
  };
  for (const name of ['delay', 'loss', 'duplicate', 'reorder', 'corrupt', 'slot'] as const)
    if (shape[name] !== undefined) demand(capabilities, 'netem', name);
  if (rate?.by === 'netem') demand(capabilities, 'netem', 'rate');
  if (rate?.by === 'tbf') demand(capabilities, 'tbf', 'rate');
  const isShaped = [
    shape.delay,
    shape.loss,
    shape.duplicate,
    shape.reorder,
    shape.corrupt,
    shape.rate,
    shape.slot,
  ].some((effect) => effect !== undefined);
  if (isShaped) demand(capabilities, 'htb', 'a class of its own for the traffic that matches');
  if (partition === 'reset' || partition === 'icmp') demand(capabilities, 'nft', `partition: ${partition}`);
  return {
    shape: isShaped ? shape : undefined,
    verdicts: [
      ...(partition === undefined || filtered ? [] : PARTITIONS[partition]),
      ...(substituted && loss.lossRatio > 0 ? [numgen(loss.lossRatio)] : []),
    ],
    blackhole: partition === 'blackhole',
    notes: [
      ...(substituted ? [`loss by nft's random numbers: ${capabilities.netem.reason}`] : []),
      ...(filtered
        ? [`packets are chosen by filters, which do not run out when their owner dies: ${capabilities.nft.reason}`]
        : []),
      ...(unseeded ? [`not repeatable, the seed is ignored: ${capabilities['netem-seed'].reason}`] : []),
      ...correlationNotes(shape),
    ],
  };
}

// A reset must not be answered by a reset, so let resets pass that the rule itself sent.
const PARTITIONS: Readonly<Record<NonNullable<Effects['partition']>, readonly string[]>> = {
  drop: ['drop'],
  reset: ['tcp flags & rst != rst reject with tcp reset', 'meta l4proto != tcp reject with icmpx port-unreachable'],
  icmp: ['reject with icmpx admin-prohibited'],
  blackhole: [],
};

function numgen(lossRatio: number): string {
  const threshold = Math.round(lossRatio * PER_MILLION);
  return threshold >= PER_MILLION ? 'drop' : `numgen random mod ${PER_MILLION} < ${threshold} drop`;
}

function demand(capabilities: TcCapabilities, name: TcCapabilityName, what: string): void {
  const { available, reason, fix } = capabilities[name];
  if (available) return;
  const substitute = name === 'netem' ? SUBSTITUTES[what] : undefined;
  throw new CapabilityMissing(name, `${what} needs it, and ${reason}`, {
    hint: [fix, ...(substitute === undefined ? [] : [`Without it: ${substitute}.`])].join(' '),
    data: { effect: what },
  });
}

import { ChaosError } from '@chaos/spec';
import type { Effects, ResolvedRate } from '../fault/resolve-fault.js';

/** Effects on one class of traffic: at most one netem, and a rate limit if netem does not enforce it itself. */
export interface Shape {
  readonly netem: Netem | undefined;
  readonly rate: ResolvedRate | undefined;
}

/** The parameters of one netem. */
export type Netem = Pick<
  Effects,
  'delay' | 'loss' | 'duplicate' | 'reorder' | 'corrupt' | 'rate' | 'slot' | 'limitPackets' | 'seed'
>;

/**
 * Merges what several faults do to the same packets into one netem (a kernel refuses to stack them). Delays add up,
 * independent ratios combine, the lowest rate counts; what cannot be combined exactly is refused.
 *
 * @throws ChaosError `FAULT_CONFLICT`
 */
export function mergeEffects(all: readonly Effects[]): Shape {
  const given = <K extends keyof Effects>(key: K): readonly NonNullable<Effects[K]>[] =>
    all.flatMap((effects) => (effects[key] === undefined ? [] : [effects[key] as NonNullable<Effects[K]>]));
  const slowest = given('rate').reduce<ResolvedRate | undefined>(
    (low, rate) => (low === undefined || rate.rateBitsPerSecond < low.rateBitsPerSecond ? rate : low),
    undefined,
  );
  const limits = given('limitPackets');
  const netem: Netem = {
    delay: mergeDelays(given('delay')),
    loss: mergeLosses(given('loss')),
    duplicate: mergeShares('duplicate', given('duplicate')),
    reorder: only('reorder', given('reorder')),
    corrupt: mergeShares('corrupt', given('corrupt')),
    rate: slowest?.by === 'netem' ? slowest : undefined,
    slot: only('slot', given('slot')),
    limitPackets: limits.length === 0 ? undefined : Math.max(...limits),
    seed: only('seed', given('seed')),
  };
  const acts = [netem.delay, netem.loss, netem.duplicate, netem.reorder, netem.corrupt, netem.rate, netem.slot].some(
    (effect) => effect !== undefined,
  );
  return { netem: acts ? netem : undefined, rate: slowest?.by === 'netem' ? undefined : slowest };
}

/** True if the effect on a packet does not depend on earlier packets. */
export function isMemoryless({ netem, rate }: Shape): boolean {
  if (rate || netem?.rate || netem?.slot || netem?.reorder || netem?.seed !== undefined) return false;
  const independent = [netem?.delay, netem?.duplicate, netem?.corrupt].every(
    (effect) => (effect?.correlation ?? 0) === 0,
  );
  return (
    independent &&
    (netem?.delay?.jitterMs ?? 0) === 0 &&
    (netem?.loss === undefined || (netem.loss.model === 'random' && netem.loss.correlation === 0))
  );
}

function mergeDelays(delays: readonly NonNullable<Effects['delay']>[]): Effects['delay'] {
  const varying = delays.filter(({ jitterMs }) => jitterMs > 0);
  if (varying.length > 1) throw conflict('delay', 'the sum of two jitters follows neither law');
  const [first] = varying.length > 0 ? varying : delays;
  return first && { ...first, delayMs: delays.reduce((sum, { delayMs }) => sum + delayMs, 0) };
}

function mergeLosses(losses: readonly NonNullable<Effects['loss']>[]): Effects['loss'] {
  if (losses.length < 2) return losses[0];
  const ratios = losses.map((loss) =>
    loss.model === 'random' && loss.correlation === 0 && !loss.ecn ? loss.lossRatio : undefined,
  );
  if (ratios.includes(undefined)) throw conflict('loss', 'only random losses without correlation combine');
  return { model: 'random', lossRatio: combine(ratios as readonly number[]), correlation: 0, ecn: false };
}

function mergeShares(name: string, shares: readonly NonNullable<Effects['corrupt']>[]): Effects['corrupt'] {
  if (shares.length < 2) return shares[0];
  if (shares.some(({ correlation }) => correlation > 0))
    throw conflict(name, 'only ratios without correlation combine');
  return { ratio: combine(shares.map(({ ratio }) => ratio)), correlation: 0 };
}

function only<T>(name: string, values: readonly T[]): T | undefined {
  if (new Set(values.map((value) => JSON.stringify(value))).size > 1)
    throw conflict(name, `${name} is one setting of a netem`);
  return values[0];
}

// Independent events: something happens unless none of them does. Rounded to what netem and `numgen` resolve at best.
function combine(ratios: readonly number[]): number {
  return Number((1 - ratios.reduce((none, ratio) => none * (1 - ratio), 1)).toFixed(9));
}

function conflict(effect: string, why: string): ChaosError {
  return new ChaosError('FAULT_CONFLICT', `Cannot apply two faults with ${effect} to the same packets: ${why}`, {
    hint: 'Heal the first one before, or let them match different packets.',
    data: { effect },
  });
}

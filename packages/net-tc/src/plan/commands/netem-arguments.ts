import type { ResolvedLoss } from '../../fault/resolve-loss.js';
import type { Netem } from '../shape.js';
import { tableReference } from './table-file.js';

/** Far above any device: a netem with a rate keeps packets in order, and this rate limits nothing. */
export const ORDER_ONLY_BITS_PER_SECOND = 100e9;
const ASSUMED_RATE = 1e9;
const PACKET_BITS = 12_000;
const LEAST_LIMIT = 10_000;

/** The words after `netem` on tc's command line. */
export function netemArguments(netem: Netem): readonly string[] {
  const { delay, loss, duplicate, reorder, corrupt, rate, slot, seed } = netem;
  const words: string[] = ['limit', String(netemLimit(netem))];
  if (delay) {
    words.push('delay', microseconds(delay.delayMs));
    if (delay.jitterMs > 0) {
      words.push(microseconds(delay.jitterMs), ...correlated(delay.correlation));
      if (delay.distribution !== 'uniform')
        words.push(
          'distribution',
          typeof delay.distribution === 'string' ? delay.distribution : tableReference(delay.distribution.table),
        );
    }
  }
  if (loss) words.push('loss', ...lossWords(loss));
  if (duplicate) words.push('duplicate', percent(duplicate.ratio), ...correlated(duplicate.correlation));
  if (reorder)
    words.push('reorder', percent(reorder.ratio), ...correlated(reorder.correlation), 'gap', String(reorder.gap));
  if (corrupt) words.push('corrupt', percent(corrupt.ratio), ...correlated(corrupt.correlation));
  if (rate) words.push('rate', `${rate.rateBitsPerSecond}bit`);
  else if (delay && delay.jitterMs > 0 && delay.keepOrder)
    words.push('rate', `${ORDER_ONLY_BITS_PER_SECOND / 1e9}gbit`);
  if (slot)
    words.push(
      'slot',
      microseconds(slot.minDelayMs),
      microseconds(slot.maxDelayMs),
      ...(slot.packets > 0 ? ['packets', String(slot.packets)] : []),
      ...(slot.bytes > 0 ? ['bytes', String(slot.bytes)] : []),
    );
  if (loss?.ecn === true) words.push('ecn');
  if (seed !== undefined) words.push('seed', String(seed));
  return words;
}

/** Longest time, ms, that delay and slots can hold a packet. */
export function longestDelayMs({ delay, slot }: Netem): number {
  return (delay ? delay.delayMs + 4 * delay.jitterMs : 0) + (slot?.maxDelayMs ?? 0);
}

/** Number of packets that netem holds: tc's default of 1000 silently drops the rest of a burst. */
export function netemLimit(netem: Netem): number {
  if (netem.limitPackets !== undefined) return netem.limitPackets;
  const bitsPerSecond = netem.rate?.rateBitsPerSecond ?? ASSUMED_RATE;
  return Math.max(LEAST_LIMIT, Math.ceil((1.5 * bitsPerSecond * longestDelayMs(netem)) / 1000 / PACKET_BITS));
}

function lossWords(loss: ResolvedLoss): readonly string[] {
  if (loss.model === 'random') return ['random', percent(loss.lossRatio), ...correlated(loss.correlation)];
  if (loss.model === 'state') return ['state', ...[loss.p13, loss.p31, loss.p32, loss.p23, loss.p14].map(percent)];
  return ['gemodel', ...[loss.toBad, loss.toGood, loss.lossInBad, loss.lossInGood].map(percent)];
}

function correlated(ratio: number): readonly string[] {
  return ratio > 0 ? [percent(ratio)] : [];
}

function percent(ratio: number): string {
  return `${Number((ratio * 100).toFixed(7))}%`;
}

// Formats a time as whole microseconds with the unit: tc reads a bare number as microseconds and cuts fractions.
function microseconds(ms: number): string {
  return `${Math.round(ms * 1000)}us`;
}

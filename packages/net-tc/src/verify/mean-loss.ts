import type { ResolvedLoss } from '../fault/resolve-loss.js';

/** Long-run loss ratio of a loss model, and the spread of its counts relative to independent losses. */
export interface MeanLoss {
  readonly ratio: number;
  readonly spread: number;
}

/** The mean of a loss model; `undefined` if netem's own random sequence decides (correlated loss). */
export function meanLoss(loss: ResolvedLoss): MeanLoss | undefined {
  if (loss.model === 'random') return loss.correlation > 0 ? undefined : { ratio: loss.lossRatio, spread: 1 };
  if (loss.model === 'gilbert-elliott') {
    const { toBad, toGood, lossInBad, lossInGood } = loss;
    const bad = toBad + toGood === 0 ? 0 : toBad / (toBad + toGood);
    return { ratio: bad * lossInBad + (1 - bad) * lossInGood, spread: 2 / Math.max(toGood, 0.001) };
  }
  const { p13, p31, p32, p23, p14 } = loss;
  // Shares of the time in states 1 to 4, from the flows in and out: 4 is left at once, 2 only for 3, and what goes to 3
  // from 1 comes back by 31.
  const weights = [p31, p23 > 0 ? (p13 * p32) / p23 : 0, p13, p31 * p14] as const;
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return { ratio: all === 0 ? 0 : (weights[2] + weights[3]) / all, spread: 2 / Math.max(p31 + p32, 0.001) };
}

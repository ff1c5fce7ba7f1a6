import { checkRange } from '@chaos/spec';
import { RATIO } from './ratio.js';
import type { BurstLoss, NetworkFault, RandomLoss, StateLoss } from './network-fault.js';

/** A loss model with all defaults. */
export type ResolvedLoss =
  ({ readonly model: 'random' } & Required<RandomLoss>) | Required<BurstLoss> | Required<StateLoss>;

/** Checks a loss and applies its defaults. */
export function resolveLoss(loss: NonNullable<NetworkFault['loss']>): ResolvedLoss {
  const { ecn = false } = loss;
  if (!('model' in loss))
    return {
      model: 'random',
      lossRatio: checkRange('loss.lossRatio', loss.lossRatio, RATIO),
      correlation: checkRange('loss.correlation', loss.correlation ?? 0, RATIO),
      ecn,
    };
  if (loss.model === 'gilbert-elliott') {
    const { toBad, toGood = 1 - toBad, lossInBad = 1, lossInGood = 0 } = loss;
    checkAll({ toBad, toGood, lossInBad, lossInGood });
    return { model: loss.model, toBad, toGood, lossInBad, lossInGood, ecn };
  }
  if (loss.model !== 'state')
    throw new RangeError(
      'Cannot plan a loss: model must be gilbert-elliott or state, ' +
        `current value is ${JSON.stringify((loss as { model: unknown }).model)}`,
    );
  const { p13, p31 = 1 - p13, p32 = 0, p23 = 1, p14 = 0 } = loss;
  checkAll({ p13, p31, p32, p23, p14 });
  return { model: loss.model, p13, p31, p32, p23, p14, ecn };
}

function checkAll(ratios: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(ratios)) checkRange(`loss.${name}`, value, RATIO);
}

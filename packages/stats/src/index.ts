export { binomialTail } from './intervals/binomial-tail.js';
export { clopperPearson } from './intervals/clopper-pearson.js';
export {
  distributionTable,
  drawFromTable,
  formatDistributionTable,
  parseDistributionTable,
  toDistributionTable,
} from './distribution-table.js';
export { benjaminiHochberg, holm } from './significance/correct-p-values.js';
export { fisherExact } from './significance/fisher-exact.js';
export { rankSumTest } from './significance/rank-sum-test.js';
export { confidenceSequence } from './sequential/confidence-sequence.js';
export { isBoundedBelow } from './sequential/bounded-below.js';
export { minimumSamples } from './minimum-samples.js';
export { quantile } from './quantile.js';
export { createRandom } from './random.js';
export { rankTest } from './rank-test.js';
export { sprt } from './sprt.js';
export { wilsonInterval } from './intervals/wilson-interval.js';
export type { DistributionName, DistributionTable } from './distribution-table.js';
export type { Interval } from './intervals/interval.js';
export type { Random } from './random.js';
export type { Sprt, SprtOptions, SprtVerdict } from './sprt.js';

import { INVARIANT_MODELS } from './invariants/invariant-models.js';
import { LINEARIZABILITY_MODELS } from './linearizability/linearizability-models.js';
import type { Model } from './model.js';
import { TRANSACTION_MODELS } from './transactions/transaction-models.js';

/** Every model that {@link check} and `chaos check --model` know. */
export const MODELS: readonly Model[] = [...TRANSACTION_MODELS, ...LINEARIZABILITY_MODELS, ...INVARIANT_MODELS];

/**
 * The model of that name or alias; case, spaces and underscores do not count. Throws `RangeError` with the list of
 * names.
 */
export function findModel(name: string): Model {
  const wanted = name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, '-');
  const model = MODELS.find((candidate) => candidate.name === wanted || candidate.aliases.includes(wanted));
  if (model === undefined)
    throw new RangeError(
      `Cannot check against the model ${JSON.stringify(name)}: known are ` +
        MODELS.map((known) => known.name).join(', '),
    );
  return model;
}

import type { History } from '../history.js';
import type { Model } from '../model.js';
import { checkLinearizability, type LinearizabilityOptions } from './check-linearizability.js';
import type { ModelName } from './models/named-model.js';

const OBJECTS: readonly (readonly [name: ModelName, aliases: readonly string[], object: string])[] = [
  ['register', ['register'], 'one register, with read and write'],
  ['cas-register', ['cas-register', 'linearizable'], 'one register, with read, write and cas'],
  ['multi-register', ['multi-register'], 'registers that are read and written several at a time'],
  ['mutex', ['mutex', 'lock'], 'one lock'],
  ['owned-mutex', ['owned-mutex'], 'one lock, which only its holder can release'],
  ['queue', ['fifo-queue'], 'one first-in-first-out queue'],
  ['set', [], 'one set that grows'],
  ['counter', [], 'one counter'],
];

/** The rows of linearizability in the table of models. */
export const LINEARIZABILITY_MODELS: readonly Model[] = OBJECTS.map(([object, aliases, words]) => {
  const name = `linearizable-${object}`;
  return {
    name,
    aliases,
    family: 'linearizability',
    summary: `every operation took effect at one moment between its call and its answer, as on ${words}`,
    prefixClosed: true,
    check: (history: History, options: Partial<Omit<LinearizabilityOptions, 'model'>>) => ({
      ...checkLinearizability(history, { ...options, model: object }),
      model: name,
    }),
  };
});

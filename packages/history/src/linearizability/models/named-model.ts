import { counterModel } from './counter-model.js';
import type { SequentialModel } from './sequential-model.js';
import { multiRegisterModel } from './multi-register-model.js';
import { mutexModel } from './mutex-model.js';
import { queueModel } from './queue-model.js';
import { registerModel } from './register-model.js';
import { setModel } from './set-model.js';

/** The models that come with the package. */
export type ModelName =
  'register' | 'cas-register' | 'multi-register' | 'mutex' | 'owned-mutex' | 'queue' | 'set' | 'counter';

type InitialOption = { readonly initial?: unknown };

const MODELS: Readonly<Record<ModelName, (options: InitialOption) => SequentialModel>> = {
  register: (options) => registerModel({ ...options, cas: false }),
  'cas-register': (options) => registerModel(options),
  'multi-register': (options) => multiRegisterModel(options),
  mutex: () => mutexModel(),
  'owned-mutex': () => mutexModel({ owned: true }),
  queue: () => queueModel(),
  set: () => setModel(),
  counter: ({ initial }) => counterModel(initial === undefined ? {} : { initial: Number(initial) }),
};

/** A model by its name. Throws `RangeError` for another name. */
export function namedModel(name: ModelName, options: InitialOption = {}): SequentialModel {
  if (!Object.hasOwn(MODELS, name))
    throw new RangeError(
      `Cannot check linearizability: current model is ${JSON.stringify(name)}, ` +
        `it must be ${Object.keys(MODELS).join(', ')} or a model of your own`,
    );
  return MODELS[name](options);
}

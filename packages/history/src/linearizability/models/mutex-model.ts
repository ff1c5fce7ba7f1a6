import type { SequentialModel } from './sequential-model.js';

/** Options of {@link mutexModel}. */
export interface MutexModelOptions {
  /**
   * True if only the process that acquired the lock may release it. Default false: a crashed client's lock is released
   * by its next process.
   */
  readonly owned?: boolean;
}

const FREE = -1;

/** A lock: `acquire` takes it where it is free, `release` frees it where it is held. */
export function mutexModel(options: MutexModelOptions = {}): SequentialModel<number> {
  const { owned } = { owned: false, ...options };
  return {
    name: owned ? 'owned-mutex' : 'mutex',
    byProcess: owned,
    init: () => FREE,
    step(state, { f, process }) {
      const owner = owned ? process : 0;
      if (f === 'acquire') return state === FREE ? owner : undefined;
      if (f === 'release') return state === owner ? FREE : undefined;
      throw new TypeError(
        `Cannot check an operation of a mutex: current f is ${JSON.stringify(f)}, it must be acquire or release`,
      );
    },
    describe: (state) => (state === FREE ? 'was free' : owned ? `was held by process ${state}` : 'was held'),
  };
}

import type { ActiveFault, Journal } from '@chaos/spec';
import { local, type Executor } from '../executors/executor.js';
import type { TcPlan } from '../plan/plan.js';
import { readBack } from '../verify/read-back.js';
import type { Lapse } from '../lease/lease.js';
import { openShaper, type Shaper } from './shaper.js';

/** Options of {@link apply}. */
export interface ApplyOptions {
  readonly executor?: Executor;
  readonly journal?: Journal;
  readonly onLapse?: (lapse: Lapse) => void;
  readonly signal?: AbortSignal;
}

/** A plan in force. */
export interface ActivePlan extends ActiveFault {
  /** Lets another fault join the same device. */
  readonly shaper: Shaper;
}

/**
 * Carries a plan out, on a device that no other session uses, and reads it back from the kernel. Healing makes the
 * device as it was before, queues run dry.
 *
 * @throws ChaosError `FAULT_NOT_AS_PLANNED` where the kernel has something else than what was planned: then nothing is
 *   left of it
 */
export async function apply(
  plan: TcPlan,
  { signal = new AbortController().signal, ...options }: ApplyOptions = {},
): Promise<ActivePlan> {
  const { faults, ...device } = plan.spec;
  const shaper = await openShaper({ ...device, ...options, capabilities: plan.capabilities }, signal);
  await shaper.add(faults, signal);
  try {
    await readBack(plan, { executor: options.executor ?? local, signal });
  } catch (error) {
    await shaper[Symbol.asyncDispose]();
    throw error;
  }
  const heal = async (): Promise<void> => await shaper[Symbol.asyncDispose]();
  return { shaper, heal, [Symbol.asyncDispose]: heal };
}

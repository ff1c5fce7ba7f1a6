import type { ActiveFault, Journal } from '@chaos/spec';
import type { Executor } from '../executors/executor.js';
import type { TcPlan } from '../plan/plan.js';
import type { Lapse } from './lease.js';
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
  /** For more faults on the same device. */
  readonly shaper: Shaper;
}

/** Carries a plan out, on a device that no other session uses. Healing makes the device as it was before, queues run dry. */
export async function apply({ spec, capabilities }: TcPlan, { signal = new AbortController().signal, ...options }: ApplyOptions = {}): Promise<ActivePlan> {
  const { faults, ...device } = spec;
  const shaper = await openShaper({ ...device, ...options, capabilities }, signal);
  await shaper.add(faults, signal);
  const heal = async (): Promise<void> => await shaper[Symbol.asyncDispose]();
  return { shaper, heal, [Symbol.asyncDispose]: heal };
}

import { activeFault, ChaosError, type ActiveFault, type Fault, type Journal } from '@chaos/spec';
import { apply } from './apply/apply.js';
import { guardJournal } from './lease/guard.js';
import { probeCapabilities } from './kernel/probe-capabilities.js';
import type { Lapse } from './lease/lease.js';
import type { Executor } from './executors/executor.js';
import { plan, type TcSpec } from './plan/plan.js';

/** Options of {@link deviceFault}. */
export interface DeviceFaultOptions {
  /** Place of the device. Default: this process's network namespace. */
  readonly executor?: Executor;
  /** Gets the undo recipe. Default: a process that undoes when this one dies. */
  readonly journal?: Journal;
}

/**
 * Faults on a device as the fault of a test: `inject(deviceFault({ device: 'eth0', faults: [{ delay: { delayMs: 50 } }]
 * }))`. Where the rules ran out meanwhile, because this machine was too busy to renew them, healing ends with
 * `FAULT_LAPSED`: what was measured proves nothing, and a test is inconclusive, whether it passed or failed.
 *
 * @throws RangeError or TypeError for a wrong value
 */
export function deviceFault(spec: TcSpec, { executor, journal }: DeviceFaultOptions = {}): Fault {
  const place = executor === undefined ? spec.device : `${spec.device} (${executor.name})`;
  const effects = [...new Set(plan(spec).spec.faults.flatMap((fault) => Object.keys(fault)))].filter(
    (name) => !['match', 'exclude', 'direction'].includes(name),
  );
  const name = `network of ${place}: ${effects.join(', ')}`;
  return {
    name,
    async inject(signal): Promise<ActiveFault> {
      const lapses: Lapse[] = [];
      const planned = plan(spec, await probeCapabilities(executor, signal));
      const active = await apply(planned, {
        ...(executor && { executor }),
        journal: journal ?? guardJournal(),
        onLapse: (lapse) => void lapses.push(lapse),
        signal,
      });
      const heal = async (): Promise<void> => {
        await active.heal();
        const [first] = lapses.splice(0);
        if (first)
          throw new ChaosError('FAULT_LAPSED', `The fault was not in force all the time: ${name}: ${first.reason}`, {
            hint: 'Run fewer tests at a time: this machine was too busy to renew the rules within their lease.',
            data: { atMs: first.atMs },
          });
      };
      return activeFault(heal);
    },
  };
}

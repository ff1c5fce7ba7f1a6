import { ChaosError } from '@chaos/spec';
import type { Executor } from '../executors/executor.js';
import type { TcPlan } from '../plan/plan.js';
import { describePlan } from '../show/describe-plan.js';
import { describeClass, isSameClass } from '../show/same-class.js';
import { show } from '../show/show.js';
import type { ShownDevice } from '../show/shown-device.js';

/**
 * Reads a device back from its kernel and compares it with the plan: a successful command is no proof. Unlike `verify`
 * it sends no packets, and works wherever commands do. An expired lease is no difference: the thread that renews it
 * reports that.
 *
 * @throws ChaosError `FAULT_NOT_AS_PLANNED` with what differs
 */
export async function readBack(
  plan: TcPlan,
  { executor, signal }: { readonly executor: Executor; readonly signal: AbortSignal },
): Promise<void> {
  const { device } = plan.spec;
  const [shown, planned] = [await show(device, { executor, signal }), describePlan(plan)];
  const different = differences(shown, planned);
  if (different.length === 0) return;
  throw new ChaosError(
    'FAULT_NOT_AS_PLANNED',
    `The network of ${device} (${executor.name}) is not as planned: ${different.join('; ')}`,
    { hint: 'Does somebody else change its qdiscs or its rules of nft?', data: { shown, planned } as never },
  );
}

function differences(shown: ShownDevice, planned: ShownDevice): readonly string[] {
  const count = ({ rules }: ShownDevice): number => Object.values(rules).flat().length;
  const counts = [
    ['classes', shown.classes.length, planned.classes.length],
    ['rules', count(shown), count(planned)],
    ['filters', shown.filters, planned.filters],
  ] as const;
  return [
    ...counts
      .filter(([, there, wanted]) => there !== wanted)
      .map(([what, there, wanted]) => `${wanted} ${what} are wanted, ${there} are there`),
    ...planned.classes.flatMap((wanted) => {
      const there = shown.classes.find(({ device, classId }) => device === wanted.device && classId === wanted.classId);
      return there === undefined || isSameClass(there, wanted)
        ? []
        : [`class ${wanted.classId} should have ${describeClass(wanted)}, has ${describeClass(there)}`];
    }),
  ];
}

import type { Anomaly } from '../verdict.js';

/** Operations that an explanation shows; a cycle can have thousands. */
const MOST_SHOWN = 24;

/** An anomaly with its first operations only, and how many are left out. */
export function headOf(anomaly: Anomaly): { readonly shown: Anomaly; readonly left: number } {
  const left = Math.max(0, anomaly.operations.length - MOST_SHOWN);
  if (left === 0) return { shown: anomaly, left };
  const isShown = (position: number): boolean => position < MOST_SHOWN;
  return {
    shown: {
      ...anomaly,
      operations: anomaly.operations.slice(0, MOST_SHOWN),
      steps: anomaly.steps.filter(({ from, to }) => isShown(from) && isShown(to)),
    },
    left,
  };
}

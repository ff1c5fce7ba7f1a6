import { countOutcomes } from '../describe/count-outcomes.js';
import { faultsDuring } from '../describe/faults-during.js';
import type { History } from '../history.js';
import type { Operation } from '../operation.js';
import type { Anomaly, Verdict } from '../verdict.js';

/** More about a finding. */
export interface FindingDetails {
  readonly forbiddenBy?: string;
  /** The operation that showed it, where that is not the one of them that ended last. */
  readonly shownBy?: Operation;
}

/** Collects what a checker finds in a history. What was seen first is told first. */
export interface Findings {
  readonly count: number;
  add(type: string, message: string, operations: readonly Operation[], details?: FindingDetails): void;
  /** `figures`: of the coverage. `unknown`: why nobody can tell, although nothing was found. */
  verdict(figures: Readonly<Record<string, number>>, unknown?: string): Verdict;
}

/** Findings about a history; `model` is the name in the verdict. */
export function createFindings(model: string, { operations: all, faults }: History): Findings {
  const found: { readonly anomaly: Anomaly; readonly shownAt: number }[] = [];
  return {
    get count() {
      return found.length;
    },
    add(type, message, operations, { forbiddenBy, shownBy } = {}) {
      const anomaly: Anomaly = {
        type,
        message,
        operations,
        steps: [],
        faults: faultsDuring(faults, operations),
        ...(forbiddenBy !== undefined && { forbiddenBy }),
      };
      found.push({ anomaly, shownAt: shownBy === undefined ? lastEnd(operations) : endOf(shownBy) });
    },
    verdict(figures, unknown) {
      const anomalies = found.sort((a, b) => a.shownAt - b.shownAt).map(({ anomaly }) => anomaly);
      const coverage = { ...countOutcomes(all), ...figures };
      const valid = anomalies.length > 0 ? false : unknown === undefined ? true : 'unknown';
      return {
        valid,
        model,
        anomalies,
        coverage,
        ...(valid === 'unknown' && unknown !== undefined && { reason: unknown }),
      };
    },
  };
}

function lastEnd(operations: readonly Operation[]): number {
  return operations.reduce((last, operation) => Math.max(last, endOf(operation)), -Infinity);
}

function endOf({ invoked, completed }: Operation): number {
  return Number.isFinite(completed) ? completed : invoked;
}

import { countOutcomes } from '../count-outcomes.js';
import { faultsDuring } from '../faults-during.js';
import type { History } from '../history.js';
import type { Operation } from '../operation.js';
import type { Anomaly, Verdict } from '../verdict.js';

/** Collects what a checker finds in a history, worst first. */
export interface Findings {
  readonly count: number;
  add(type: string, message: string, operations: readonly Operation[], forbiddenBy?: string): void;
  /** `figures`: of the coverage. `unknown`: why nobody can tell, although nothing was found. */
  verdict(figures: Readonly<Record<string, number>>, unknown?: string): Verdict;
}

/** Findings about a history; `model` is the name in the verdict. */
export function createFindings(model: string, { operations: all, faults }: History): Findings {
  const anomalies: Anomaly[] = [];
  return {
    get count() {
      return anomalies.length;
    },
    add(type, message, operations, forbiddenBy) {
      anomalies.push({
        type,
        message,
        operations,
        steps: [],
        faults: faultsDuring(faults, operations),
        ...(forbiddenBy !== undefined && { forbiddenBy }),
      });
    },
    verdict(figures, unknown) {
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

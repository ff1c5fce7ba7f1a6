import { countOutcomes } from '../count-outcomes.js';
import { faultsDuring } from '../faults-during.js';
import { formatValue } from '../format-value.js';
import type { History } from '../history.js';
import type { Operation } from '../operation.js';
import type { Anomaly, Verdict } from '../verdict.js';
import { explainSearch } from './explain-search.js';
import type { Finding, QuickJudgement } from './finding.js';
import type { SequentialModel } from './sequential-model.js';
import { createProblem, type Problem } from './problem.js';
import { createSearch, type Search } from './search.js';
import { splitByKey, unwrap, type Part } from './split-by-key.js';

/** What {@link judgeParts} needs to know. */
export interface Judging {
  readonly model: SequentialModel;
  /** Decides a part of a special form without a search. */ readonly quick:
    ((part: Part) => QuickJudgement | undefined) | undefined;
  readonly independent: boolean | undefined;
  /** Steps of the search, over all parts. */ readonly maxSteps: number;
}

const FIRST_SLICE = 1024;
const SLICE_GROWTH = 4;
const MOST_ANOMALIES = 10;

/**
 * Judges a history part by part, and pauses now and then: what drives it may stop it there. Parts that need no search
 * come first. The others are searched in turns, each turn longer than the last, so that one hard part does not keep a
 * wrong one waiting.
 */
export function* judgeParts(history: History, judging: Judging): Generator<void, Verdict, void> {
  const parts = splitByKey(history.operations, judging.independent);
  const anomalies: Anomaly[] = [];
  const toSearch: Part[] = [];
  const findings: { readonly finding: Finding; readonly part: Part }[] = [];
  let observations = 0;
  for (const part of parts) {
    const judged = judging.quick?.(part);
    observations += judged?.observations ?? 0;
    if (judged === undefined) toSearch.push(part);
    else if (judged.finding !== undefined) findings.push({ finding: judged.finding, part });
    if (part.operations.length > FIRST_SLICE) yield;
  }
  findings.sort((a, b) => endOf(a.finding) - endOf(b.finding));
  for (const { finding, part } of findings.slice(0, MOST_ANOMALIES)) anomalies.push(anomaly(finding, part, history));
  let steps = 0;
  const verdict = (valid: boolean | 'unknown', reason?: string): Verdict => {
    const coverage = {
      ...countOutcomes(history.operations),
      observations,
      parts: parts.length,
      searchedParts: toSearch.length,
      steps,
    };
    if (valid === true && observations === 0) {
      return {
        valid: 'unknown',
        model: judging.model.name,
        anomalies,
        coverage,
        reason: 'no completed operation says anything about the state, so nothing could be wrong',
      };
    }
    return { valid, model: judging.model.name, anomalies, coverage, ...(reason !== undefined && { reason }) };
  };
  if (anomalies.length > 0) return verdict(false);

  let waiting: {
    readonly part: Part;
    readonly operations: readonly Operation[];
    problem?: Problem;
    search?: Search;
  }[] = toSearch.map((part) => ({
    part,
    operations: part.operations.map((operation) => unwrap(part, operation)),
  }));
  for (let slice = FIRST_SLICE; waiting.length > 0; slice *= SLICE_GROWTH) {
    const unsettled: typeof waiting = [];
    for (const one of waiting) {
      if (one.problem === undefined) {
        one.problem = createProblem(judging.model, one.operations);
        observations += one.problem.observations;
      }
      one.search ??= createSearch(one.problem);
      const before = one.search.steps;
      // A part without any choice to make is gone through in one turn, however long it is.
      const outcome = one.search.run(
        Math.min(Math.max(slice, one.part.operations.length * 2), judging.maxSteps - steps),
      );
      steps += one.search.steps - before;
      if (outcome === false) {
        anomalies.push(anomaly(explainSearch(one.problem, one.search, one.operations), one.part, history));
        return verdict(false);
      }
      if (outcome === undefined) unsettled.push(one);
      if (steps >= judging.maxSteps && (outcome === undefined || one !== waiting.at(-1))) {
        const open = unsettled.length + waiting.length - 1 - waiting.indexOf(one);
        return verdict('unknown', `gave up after ${steps} steps (maxSteps) with ${open} of ${parts.length} parts open`);
      }
      yield;
    }
    waiting = unsettled;
  }
  return verdict(true);
}

// The position at which all that shows it had been seen: what was seen first is told first.
function endOf({ operations }: Finding): number {
  return Math.max(...operations.map(({ completed, invoked }) => (completed === Infinity ? invoked : completed)));
}

function anomaly({ type, message, operations }: Finding, part: Part, history: History): Anomaly {
  // People know the operations as they recorded them, with the key.
  const recorded =
    'key' in part
      ? operations.map(
          (one) =>
            part.operations.find(({ invoked, process }) => invoked === one.invoked && process === one.process) ?? one,
        )
      : operations;
  return {
    type,
    message: 'key' in part ? `key ${formatValue(part.key)}: ${message}` : message,
    operations: recorded,
    steps: [],
    faults: faultsDuring(history.faults, operations),
  };
}

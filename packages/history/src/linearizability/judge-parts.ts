import { countOutcomes } from '../describe/count-outcomes.js';
import { faultsDuring } from '../describe/faults-during.js';
import { formatValue } from '../describe/format-value.js';
import type { History } from '../history.js';
import type { Operation } from '../operation.js';
import type { Anomaly, Verdict } from '../verdict.js';
import { explainFirst } from './explain/explain-first.js';
import { explainSearch } from './explain/explain-search.js';
import type { Finding, QuickJudgement } from './explain/finding.js';
import type { SequentialModel } from './models/sequential-model.js';
import { createProblem, type Problem } from './search/problem.js';
import { createSearch, type Search } from './search/search.js';
import { splitByKey, unwrap, type Part } from './split-by-key.js';

/** Input of {@link judgeParts}. */
export interface Judging {
  readonly model: SequentialModel;
  /** Decides a part of a special form without a search. */
  readonly quick: ((part: Part) => QuickJudgement | undefined) | undefined;
  readonly independent: boolean | undefined;
  /** Steps of the search, over all parts. */
  readonly maxSteps: number;
}

const FIRST_SLICE = 1024;
const SLICE_GROWTH = 4;
const MOST_ANOMALIES = 10;

/** State after the quick judgements. */
interface Sorted {
  readonly anomalies: readonly Anomaly[];
  readonly toSearch: readonly Part[];
  readonly observations: number;
}

interface Counts {
  observations: number;
  steps: number;
}

interface Waiting {
  readonly part: Part;
  readonly operations: readonly Operation[];
  problem?: Problem;
  search?: Search;
}

/**
 * Judges a history part by part, and pauses now and then: what drives it may stop it there. Parts that need no search
 * come first. The others are searched in turns, each turn longer than the last, so that one hard part does not keep a
 * wrong one waiting.
 */
export function* judgeParts(history: History, judging: Judging): Generator<void, Verdict, void> {
  const parts = splitByKey(history.operations, judging.independent);
  const { anomalies, toSearch, observations } = yield* judgeQuickly(parts, history, judging);
  const counts: Counts = { observations, steps: 0 };
  const found =
    anomalies.length > 0 ? { valid: false, anomalies } : yield* searchInTurns(toSearch, { judging, history, counts });
  const model = judging.model.name;
  const coverage = {
    ...countOutcomes(history.operations),
    observations: counts.observations,
    parts: parts.length,
    searchedParts: toSearch.length,
    steps: counts.steps,
  };
  if (found.valid === 'unknown') {
    const reason = `gave up after ${counts.steps} steps (maxSteps) with ${found.open} of ${parts.length} parts open`;
    return { valid: 'unknown', model, anomalies: [], coverage, reason };
  }
  if (found.valid && counts.observations === 0) {
    const reason = 'no completed operation says anything about the state, so nothing could be wrong';
    return { valid: 'unknown', model, anomalies: [], coverage, reason };
  }
  return { valid: found.valid, model, anomalies: found.anomalies, coverage };
}

function* judgeQuickly(parts: readonly Part[], history: History, { quick }: Judging): Generator<void, Sorted, void> {
  const findings: { readonly finding: Finding; readonly part: Part }[] = [];
  const toSearch: Part[] = [];
  let observations = 0;
  for (const part of parts) {
    const judged = quick?.(part);
    observations += judged?.observations ?? 0;
    if (judged === undefined) toSearch.push(part);
    else if (judged.finding !== undefined) findings.push({ finding: judged.finding, part });
    if (part.operations.length > FIRST_SLICE) yield;
  }
  findings.sort((a, b) => endOf(a.finding) - endOf(b.finding));
  const anomalies = findings.slice(0, MOST_ANOMALIES).map(({ finding, part }) => anomaly(finding, part, history));
  return { anomalies, toSearch, observations };
}

type Found =
  | { readonly valid: boolean; readonly anomalies: readonly Anomaly[] }
  | { readonly valid: 'unknown'; /** Parts that are not decided. */ readonly open: number };

function* searchInTurns(
  parts: readonly Part[],
  { judging, history, counts }: { judging: Judging; history: History; counts: Counts },
): Generator<void, Found, void> {
  let waiting: Waiting[] = parts.map((part) => ({
    part,
    operations: part.operations.map((operation) => unwrap(part, operation)),
  }));
  for (let slice = FIRST_SLICE; waiting.length > 0; slice *= SLICE_GROWTH) {
    const unsettled: typeof waiting = [];
    for (const [at, one] of waiting.entries()) {
      if (one.problem === undefined) {
        one.problem = createProblem(judging.model, one.operations);
        counts.observations += one.problem.observations;
      }
      one.search ??= createSearch(one.problem);
      const before = one.search.steps;
      // A part without any choice to make is gone through in one turn, however long it is.
      const most = Math.max(slice, one.part.operations.length * 2);
      const outcome = one.search.run(Math.min(most, judging.maxSteps - counts.steps));
      counts.steps += one.search.steps - before;
      if (outcome === false) {
        const { problem, search, operations } = one;
        const finding = explainFirst(judging.model, operations) ?? explainSearch({ problem, search, all: operations });
        return { valid: false, anomalies: [anomaly(finding, one.part, history)] };
      }
      if (outcome === undefined) unsettled.push(one);
      const rest = waiting.length - 1 - at;
      if (counts.steps >= judging.maxSteps && (outcome === undefined || rest > 0))
        return { valid: 'unknown', open: unsettled.length + rest };
      yield;
    }
    waiting = unsettled;
  }
  return { valid: true, anomalies: [] };
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

import { faultsDuring } from '../describe/faults-during.js';
import type { HistoryFault } from '../history.js';
import type { Anomaly, AnomalyStep } from '../verdict.js';
import { TRANSACTION_ANOMALIES, anomalyType } from './anomaly-type.js';
import { describeEdge } from './describe-edge.js';
import { findCycles } from './find-cycles.js';
import type { FoundCycle, OrderGraphs } from './find-cycles.js';
import type { WriteWords } from './reads/read-evidence.js';
import type { Finding } from './findings.js';
import { ISOLATION_LEVELS, impliedLevels, isolationLevel } from './isolation-level.js';
import type { IsolationLevel } from './isolation-level.js';
import { reasonForDoubt } from './measure-coverage.js';
import type { TransactionCoverage } from './measure-coverage.js';
import type { TransactionLog } from './log/transaction-log.js';
import type { ResolvedCheckOptions, TransactionVerdict } from './transaction-verdict.js';
import type { Versions } from './log/versions.js';

/** A cycle's message tells its beginning and its end; `steps` has all of it. */
const MOST_REASONS = 12;

/** Findings of a checker about a history. */
export interface Evidence {
  readonly log: TransactionLog;
  readonly versions: Versions;
  readonly graphs: OrderGraphs;
  readonly findings: readonly Finding[];
  readonly coverage: TransactionCoverage;
  readonly words: WriteWords;
  readonly faults: readonly HistoryFault[];
}

/** Finds the cycles, and says which levels all of it leaves. */
export function judgeTransactions(evidence: Evidence, options: ResolvedCheckOptions): TransactionVerdict {
  const model = isolationLevel(options.model);
  const cycles = findCycles(evidence.graphs, options.limit);
  const broken = new Set<IsolationLevel>();
  for (const { type } of cycles) for (const level of anomalyType(type).forbiddenBy) broken.add(level);
  for (const { type, forbiddenBy } of evidence.findings)
    for (const level of forbiddenBy ? [forbiddenBy] : anomalyType(type).forbiddenBy) broken.add(level);
  const holds = (level: IsolationLevel): boolean => [...impliedLevels(level)].every((weaker) => !broken.has(weaker));
  const levels = Object.fromEntries(ISOLATION_LEVELS.map((level) => [level, holds(level)])) as Record<
    IsolationLevel,
    boolean
  >;
  const strongest = ISOLATION_LEVELS.find((level) => levels[level]);
  const anomalies = [
    ...evidence.findings.map((finding) => ofFinding(evidence, finding)),
    ...cycles.map((cycle) => ofCycle(evidence, cycle)),
  ];
  const rank = ({ type }: Anomaly): number => (TRANSACTION_ANOMALIES as readonly string[]).indexOf(type);
  // Of a type the one that was seen first.
  anomalies.sort((a, b) => rank(a) - rank(b) || endOf(a) - endOf(b));
  const { coverage } = evidence;
  const reason = levels[model] ? reasonForDoubt(coverage, options.minimumObserved) : undefined;
  return {
    valid: reason === undefined ? levels[model] : 'unknown',
    model,
    ...(strongest !== undefined && reason === undefined && { strongest }),
    anomalies,
    coverage,
    levels,
    ...(reason !== undefined && { reason }),
  };
}

function endOf({ operations }: Anomaly): number {
  return Math.max(...operations.map(({ invoked, completed }) => (Number.isFinite(completed) ? completed : invoked)));
}

function ofFinding({ log, faults }: Evidence, { type, transactions, message, forbiddenBy }: Finding): Anomaly {
  const operations = transactions.map((transaction) => log.operations[transaction]!);
  return {
    type,
    message: `${anomalyType(type).title}: ${message}`,
    operations,
    steps: [],
    forbiddenBy: forbiddenBy ?? anomalyType(type).forbiddenBy[0]!,
    faults: faultsDuring(faults, operations),
  };
}

function ofCycle(
  { log, versions, words, faults }: Evidence,
  { type, vertices, types, isShortest }: FoundCycle,
): Anomaly {
  const operations = vertices.map((vertex) => log.operations[vertex]!);
  const describe = describeEdge(log, versions, words);
  // A walk may pass a transaction twice: it keeps its name.
  const names = new Map<number, string>();
  for (const [at, vertex] of vertices.entries()) if (!names.has(vertex)) names.set(vertex, `T${at + 1}`);
  const nameOf = (at: number): string => names.get(vertices[at]!)!;
  const steps: AnomalyStep[] = vertices.map((vertex, from) => {
    const to = (from + 1) % vertices.length;
    return {
      from,
      to,
      ...describe({ from: vertex, to: vertices[to]!, type: types[from]! }, { from: nameOf(from), to: nameOf(to) }),
    };
  });
  const reasons = steps.map(({ because }) => because);
  if (reasons.length > MOST_REASONS)
    reasons.splice(MOST_REASONS / 2, reasons.length - MOST_REASONS, `… ${reasons.length - MOST_REASONS} steps more …`);
  const end = isShortest ? '' : ' (a shorter cycle may exist: the search was cut off)';
  const message = `${anomalyType(type).title}: ${reasons.slice(0, -1).join('; ')}; yet ${reasons.at(-1)}${end}`;
  return {
    type,
    message,
    operations,
    steps,
    forbiddenBy: anomalyType(type).forbiddenBy[0]!,
    faults: faultsDuring(faults, operations),
  };
}

import { anomalyType } from '../anomaly-type.js';
import { findCycles } from '../find-cycles.js';
import type { Finding } from '../findings.js';
import { ISOLATION_LEVELS, impliedLevels } from '../isolation-level.js';
import type { IsolationLevel } from '../isolation-level.js';
import { findTornViews } from './find-torn-views.js';
import { show } from '../show.js';
import type { TransactionLog } from '../log/transaction-log.js';
import { createOrderDecider, hasCompleteOrder } from './decide-orders.js';
import type { Decision, Known, Rule, Sequence } from './decide-orders.js';
import type { RegisterVersions } from './register-versions.js';

interface Case {
  readonly rule: Rule;
  readonly sequence: Sequence;
  readonly level: IsolationLevel;
}

// The weakest first: what breaks one breaks those that imply it.
const CASES: readonly Case[] = [
  { rule: 'G-single', sequence: 'plain', level: 'consistent-view' },
  { rule: 'G-single', sequence: 'process', level: 'strong-session-consistent-view' },
  { rule: 'G-single', sequence: 'realtime', level: 'strong-consistent-view' },
  { rule: 'G-nonadjacent', sequence: 'plain', level: 'snapshot-isolation' },
  { rule: 'G-nonadjacent', sequence: 'process', level: 'strong-session-snapshot-isolation' },
  { rule: 'G-nonadjacent', sequence: 'realtime', level: 'strong-snapshot-isolation' },
  { rule: 'G2-item', sequence: 'plain', level: 'serializable' },
  { rule: 'G2-item', sequence: 'process', level: 'strong-session-serializable' },
  { rule: 'G2-item', sequence: 'realtime', level: 'strict-serializable' },
];

const SUFFIXES = { plain: '', process: '-process', realtime: '-realtime' } as const;

/** The outcome of trying the orders of writes. */
export interface OrderAnomalies {
  readonly findings: readonly Finding[];
  /** Levels that nothing speaks against, but of which no order that keeps them was found either. */
  readonly open: ReadonlySet<IsolationLevel>;
}

interface Search {
  /** The levels that hold so far. */
  readonly levels: Readonly<Record<IsolationLevel, boolean>>;
  readonly known: (sequence: Sequence) => Known;
}

/**
 * Writes that nothing orders may still have no order that fits. Tries that for each level that holds so far, the
 * strongest first: an order that keeps it keeps the weaker ones too. Read uncommitted and read committed need no trial:
 * their cycles have no rw edge, so any topological order of the others is an order of the writes.
 */
export function findOrderAnomalies(log: TransactionLog, versions: RegisterVersions, search: Search): OrderAnomalies {
  if (hasCompleteOrder(log, versions)) return { findings: [], open: new Set() };
  const { levels, known } = search;
  const decide = createOrderDecider(log, versions);
  const findings: Finding[] = [];
  const proven = new Set(impliedLevels('strong-read-committed'));
  const broken = new Set<IsolationLevel>();
  const isBroken = (level: IsolationLevel): boolean => [...impliedLevels(level)].some((weaker) => broken.has(weaker));
  const holding = CASES.filter(({ level }) => levels[level]);
  // Most histories keep the strongest level, which proves nearly all. Where it fails, the weakest that fails is told.
  const strongest = holding.at(-1);
  const first = strongest && decideCase(strongest);
  for (const view of ['monotonic-atomic-view', 'read-atomic'] as const) {
    if (!levels[view] || proven.has(view) || isBroken(view)) continue;
    const finding = findTornViews(log, versions, { view, graphOf: known('plain').graphOf });
    if (finding === undefined) proven.add(view);
    else tell(finding);
  }
  for (const one of holding) {
    if (proven.has(one.level) || isBroken(one.level)) continue;
    const decision = one === strongest ? first! : decideCase(one);
    if (decision.outcome === 'impossible')
      tell(toFinding(log, versions, { decision, known: known(one.sequence), one }));
  }
  const open = ISOLATION_LEVELS.filter((level) => levels[level] && !proven.has(level) && !isBroken(level));
  return { findings, open: new Set(open) };

  function decideCase({ rule, sequence, level }: Case): Decision {
    const decision = decide(rule, sequence, known(sequence));
    if (decision.outcome === 'possible') for (const implied of impliedLevels(level)) proven.add(implied);
    return decision;
  }

  function tell(finding: Finding): void {
    for (const level of anomalyType(finding.type).forbiddenBy) broken.add(level);
    findings.push(finding);
  }
}

function toFinding(
  { stepKey, stepValue, keys }: TransactionLog,
  { step, writer }: RegisterVersions,
  { decision, known, one }: { decision: Decision; known: Known; one: Case },
): Finding {
  const [earlier, later] = decision.pair!;
  const graph = known.graphOf(decision.edges!);
  const all = { plain: graph, process: graph, processViews: graph, realtime: graph, realtimeViews: graph };
  const cycle = findCycles(all, 1)[0]?.vertices ?? [];
  const words = (version: number): string => `write of ${show(stepValue[step[version]!])}`;
  return {
    type: `${one.rule}${SUFFIXES[one.sequence]}`,
    transactions: [...new Set([writer[earlier]!, writer[later]!, ...cycle])],
    message: `neither T1's ${words(earlier)} nor T2's ${words(later)} to ${show(keys[stepKey[step[earlier]!]!])} can have come first: with either order the transactions come before themselves`,
  };
}

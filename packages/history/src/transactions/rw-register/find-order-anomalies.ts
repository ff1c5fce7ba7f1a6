import { findCycles } from '../find-cycles.js';
import type { Finding } from '../findings.js';
import type { IsolationLevel } from '../isolation-level.js';
import { show } from '../show.js';
import type { TransactionLog } from '../transaction-log.js';
import { createOrderDecider } from './decide-orders.js';
import type { Decision, Known, Rule, Sequence } from './decide-orders.js';
import type { RegisterVersions } from './register-versions.js';

interface Case {
  readonly rule: Rule;
  readonly sequence: Sequence;
  readonly level: IsolationLevel;
}

// The weakest first: what breaks one breaks those that imply it.
const CASES: readonly Case[] = [
  { rule: 'G1c', sequence: 'plain', level: 'read-committed' },
  { rule: 'G1c', sequence: 'process', level: 'strong-session-read-committed' },
  { rule: 'G1c', sequence: 'realtime', level: 'strong-read-committed' },
  { rule: 'G-nonadjacent', sequence: 'plain', level: 'snapshot-isolation' },
  { rule: 'G-nonadjacent', sequence: 'process', level: 'strong-session-snapshot-isolation' },
  { rule: 'G-nonadjacent', sequence: 'realtime', level: 'strong-snapshot-isolation' },
  { rule: 'G2-item', sequence: 'plain', level: 'serializable' },
  { rule: 'G2-item', sequence: 'process', level: 'strong-session-serializable' },
  { rule: 'G2-item', sequence: 'realtime', level: 'strict-serializable' },
];

const SUFFIXES = { plain: '', process: '-process', realtime: '-realtime' } as const;

/** What trying the orders of writes has shown. */
export interface OrderAnomalies {
  readonly findings: readonly Finding[];
  /** Levels of which neither an order that keeps them was found nor that there is none. */ readonly open: ReadonlySet<IsolationLevel>;
}

/**
 * Writes that nothing orders may still have no order that fits. Tries that for each level of `levels` that holds so
 * far, the strongest first: an order that keeps it keeps the weaker ones too.
 */
export function findOrderAnomalies(
  log: TransactionLog,
  versions: RegisterVersions,
  {
    levels,
    known,
  }: {
    readonly levels: Readonly<Record<IsolationLevel, boolean>>;
    readonly known: (rule: Rule, sequence: Sequence) => Known;
  },
): OrderAnomalies {
  const decide = createOrderDecider(log, versions);
  const findings: Finding[] = [];
  const open = new Set<IsolationLevel>();
  const broken: Case[] = [];
  const holding = CASES.filter(({ level }) => levels[level]);
  const strongest = holding.at(-1);
  if (strongest === undefined) return { findings, open };
  if (of(strongest).outcome === 'possible' && holding.every((one) => isImplied(one, strongest)))
    return { findings, open };
  for (const one of holding) {
    if (broken.some((weaker) => isImplied(weaker, one))) continue;
    const decision = of(one);
    if (decision.outcome === 'open') open.add(one.level);
    if (decision.outcome !== 'impossible') continue;
    broken.push(one);
    findings.push(toFinding(log, versions, { decision, known: known(one.rule, one.sequence), one }));
  }
  return { findings, open };

  function of({ rule, sequence }: Case): Decision {
    return decide(rule, sequence, known(rule, sequence));
  }
}

function isImplied(weaker: Case, stronger: Case): boolean {
  const rules: readonly Rule[] = ['G1c', 'G-nonadjacent', 'G2-item'];
  const sequences: readonly Sequence[] = ['plain', 'process', 'realtime'];
  return (
    rules.indexOf(weaker.rule) <= rules.indexOf(stronger.rule) &&
    sequences.indexOf(weaker.sequence) <= sequences.indexOf(stronger.sequence)
  );
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

import type { History } from '../../history.js';
import { findReadAnomalies } from '../reads/find-read-anomalies.js';
import { createFindings } from '../findings.js';
import { ISOLATION_LEVELS, impliedLevels, isolationLevel } from '../isolation-level.js';
import { judgeTransactions } from '../judge-transactions.js';
import { measureCoverage } from '../measure-coverage.js';
import { RW_REGISTER } from '../log/micro-operation.js';
import type { IsolationLevel } from '../isolation-level.js';
import { UNKNOWN } from '../log/versions.js';
import { findOrderAnomalies } from './find-order-anomalies.js';
import { replacedVersions } from './replaced-versions.js';
import type { ReplacedVersions } from './replaced-versions.js';
import type { RegisterVersions } from './register-versions.js';
import { show } from '../show.js';
import { readTransactions } from '../log/transaction-log.js';
import type { TransactionLog } from '../log/transaction-log.js';
import { resolveCheckOptions } from '../transaction-verdict.js';
import type { CheckTransactionsOptions, TransactionVerdict } from '../transaction-verdict.js';
import { findRegisterAnomalies } from './find-register-anomalies.js';
import { createRegisterGraphs } from './register-graphs.js';
import { createRegisterVersions } from './register-versions.js';

/**
 * Checks transactions on registers: operations whose `f` is `txn` and whose value is a list of `['w', key, value]` and
 * `['r', key, value or null]`; every write to a key has a value of its own. Where every write follows a read of its key
 * in the same transaction the order of versions is complete; elsewhere the orders that fit the reads are worked out, up
 * to a bound. What it reports cannot be; where it cannot tell, the verdict is `unknown` and `coverage.undecidedLevels`
 * counts the levels.
 *
 * Throws `TypeError` for what is no such transaction, `RangeError` for an unknown model.
 *
 * Source: Kingsbury & Alvaro, "Elle", VLDB 2020, §4.3; read-modify-write: "MTC", arXiv 2504.02344.
 */
export function checkRwRegister(
  { operations, faults }: History,
  options: CheckTransactionsOptions = {},
): TransactionVerdict {
  const resolved = resolveCheckOptions(options);
  const log = readTransactions(operations, RW_REGISTER);
  const versions = createRegisterVersions(log);
  const words = (step: number): string =>
    `write of ${show(log.stepValue[step])} to ${show(log.keys[log.stepKey[step]!])}`;
  const findings = createFindings(resolved.limit, resolved.isRunning);
  findRegisterAnomalies(log, versions, findings);
  findReadAnomalies({ log, versions, findings, words, assumed: withReplaced(log, versions) });
  const graphs = createRegisterGraphs(log, versions);
  const hasEarlier = graphs.hasEarlier(isolationLevel(resolved.model));
  const coverage = measureCoverage(log, versions, {
    isObserved: (version) => versions.isRead[version] === 1,
    isOrdered: (version) => hasEarlier[version] === 1,
  });
  const evidence = {
    log,
    versions: { ...versions, distance: graphs.distance, witnesses: graphs.witnesses },
    graphs,
    findings: findings.all,
    coverage,
    words,
    faults,
  };
  const verdict = judgeTransactions(evidence, resolved);
  const { findings: more, open } = findOrderAnomalies(log, versions, { levels: verdict.levels, known: graphs.known });
  if (more.length === 0 && open.size === 0) return verdict;
  const undecided = { ...coverage, undecidedLevels: open.size };
  const all = [...findings.all, ...more.slice(0, resolved.limit)];
  return doubt(judgeTransactions({ ...evidence, findings: all, coverage: undecided }, resolved), open);
}

// Nothing speaks against an open level, but nothing proves it: that is no pass, and it is not the strongest that holds.
function doubt(verdict: TransactionVerdict, open: ReadonlySet<IsolationLevel>): TransactionVerdict {
  const isProven = (level: IsolationLevel): boolean => ![...impliedLevels(level)].some((weaker) => open.has(weaker));
  const { strongest: held, ...rest } = verdict;
  if (verdict.valid === true && !isProven(verdict.model)) {
    const reason =
      'nothing orders some writes, and no order of them was found that proves the level, ' +
      'nor that there is none: let transactions read a key before they write it';
    return { ...rest, valid: 'unknown', reason };
  }
  const strongest = held && ISOLATION_LEVELS.find((level) => verdict.levels[level] && isProven(level));
  return { ...rest, ...(strongest !== undefined && { strongest }) };
}

// A write that follows a read of its key is taken to replace what was read: then every other write that came after that
// came after this one too. Where two replaced the same, that is told as a lost update.
function withReplaced(log: TransactionLog, versions: RegisterVersions): RegisterVersions['distance'] {
  let replaced: ReplacedVersions | undefined;
  return (earlier, later) => {
    const known = versions.distance(earlier, later);
    if (known !== Infinity || earlier < 0 || later < 0) return known;
    const by = (replaced ??= replacedVersions(log, versions));
    const base = by.of(earlier);
    if (base === UNKNOWN || !by.isAlone(earlier) || by.of(later) === base) return known;
    return versions.distance(base, later) === Infinity ? Infinity : 2;
  };
}

import type { History } from '../../history.js';
import { findReadAnomalies } from '../find-read-anomalies.js';
import { createFindings } from '../findings.js';
import { isolationLevel } from '../isolation-level.js';
import { judgeTransactions } from '../judge-transactions.js';
import { measureCoverage } from '../measure-coverage.js';
import { RW_REGISTER } from '../micro-operation.js';
import { show } from '../show.js';
import { readTransactions } from '../transaction-log.js';
import { resolveCheckOptions } from '../transaction-verdict.js';
import type { CheckTransactionsOptions, TransactionVerdict } from '../transaction-verdict.js';
import { findRegisterAnomalies } from './find-register-anomalies.js';
import { createRegisterGraphs } from './register-graphs.js';
import { createRegisterVersions } from './register-versions.js';

/**
 * Checks transactions on registers: operations whose `f` is `txn` and whose value is a list of `['w', key, value]` and
 * `['r', key, value or null]`; every write to a key has a value of its own. Where every write follows a read of its key
 * in the same transaction the order of versions is complete, and so is the check; elsewhere it is sound but may miss
 * anomalies, and `coverage.orderedVersions` says how much it knows.
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
  findReadAnomalies(log, versions, { findings, words });
  const graphs = createRegisterGraphs(log, versions);
  const hasEarlier = graphs.hasEarlier(isolationLevel(resolved.model));
  const coverage = measureCoverage(log, versions, {
    isObserved: (version) => versions.isRead[version] === 1,
    isOrdered: (version) => hasEarlier[version] === 1,
  });
  return judgeTransactions(
    {
      log,
      versions: { ...versions, distance: graphs.distance, witnesses: graphs.witnesses },
      graphs,
      findings: findings.all,
      coverage,
      words,
      faults,
    },
    resolved,
  );
}

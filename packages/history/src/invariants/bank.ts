import { describeOperation } from '../describe/describe-operation.js';
import { formatValue } from '../describe/format-value.js';
import type { History, HistoryFault } from '../history.js';
import type { ModelStream } from '../model.js';
import { invokedAt } from '../describe/moment.js';
import type { Operation } from '../operation.js';
import type { Verdict } from '../verdict.js';
import { createFindings } from './findings.js';
import { plural } from './list-values.js';

/** Options of {@link checkBank}. */
export interface BankOptions {
  /** Required total of all balances, including the initial deposit. Default: that of the first complete read. */
  readonly total?: number;
  /** The accounts that every read must have. Default: those of the first read. */
  readonly accounts?: readonly (string | number)[];
  /** True if a balance may be below 0. Default false. */
  readonly allowNegative?: boolean;
}

// Worst first.
const TYPES = ['missing-account', 'unexpected-account', 'no-balance', 'wrong-total', 'negative-balance'];

type Problem = { readonly type: string; readonly text: string };

/**
 * Transfers between accounts, and reads of all of them at once: every `ok` `read` must have exactly the accounts, each
 * with a number, and the balances must add up to the total. A read's value is `{ account: balance }` or `[[account,
 * balance], ...]`. Of each kind of anomaly the first is told, with how many there are. Source: Jepsen's bank workload;
 * total and read skew are what snapshot isolation must prevent.
 */
export function checkBank(history: History, options: BankOptions = {}): Verdict {
  const reads = createReads(options);
  for (const operation of history.operations) reads.add(operation);
  return reads.verdict(history.faults);
}

/** Options of {@link createBankChecker}. */
export interface BankCheckerOptions extends BankOptions {
  /** The faults so far, for the reads that they overlap. */
  readonly faults?: () => readonly HistoryFault[];
}

/** As {@link checkBank}, read by read: an operation costs the same however many there were before. */
export function createBankChecker({ faults = () => [], ...options }: BankCheckerOptions = {}): ModelStream {
  const reads = createReads(options);
  return {
    add: (operation) => (reads.add(operation) ? undefined : reads.verdict(faults())),
    verdict: () => reads.verdict(faults()),
  };
}

interface Reads {
  /** True if it is as it must be. */
  add(operation: Operation): boolean;
  verdict(faults: readonly HistoryFault[]): Verdict;
}

function createReads(options: BankOptions): Reads {
  let expected = resolve(options, undefined);
  const operations: Operation[] = [];
  const first = new Map<string, { readonly read: Operation; readonly problem: Problem; count: number }>();
  let reads = 0;
  let wrongReads = 0;
  let transferred = 0;
  return {
    add(operation) {
      operations.push(operation);
      const { f, type } = operation;
      if (f === 'transfer' && type === 'ok') transferred++;
      if (f !== 'read' || type !== 'ok') return true;
      const balances = balancesOf(operation);
      if (reads++ === 0) expected = resolve(options, balances);
      const problem = judge(balances, expected);
      if (problem === undefined) return true;
      wrongReads++;
      const known = first.get(problem.type);
      first.set(problem.type, {
        ...(known !== undefined && known.read.completed < operation.completed ? known : { read: operation, problem }),
        count: (known?.count ?? 0) + 1,
      });
      return false;
    },
    verdict(faults) {
      const findings = createFindings('bank', { operations, faults });
      for (const type of TYPES) {
        const found = first.get(type);
        if (found === undefined) continue;
        const others = found.count > 1 ? `; so are ${plural(found.count - 1, 'other read')}` : '';
        findings.add(
          type,
          `the read by process ${found.read.process} at ${invokedAt(found.read)} is wrong: ` +
            `${found.problem.text}${others}`,
          [found.read],
        );
      }
      const unknown =
        reads === 0 ? 'the accounts were never read' : transferred === 0 ? 'no transfer was acknowledged' : undefined;
      return findings.verdict({ reads, wrongReads, transfers: transferred }, unknown);
    },
  };
}

type Expected = { readonly total: number; readonly accounts: ReadonlySet<string>; readonly allowNegative: boolean };
type Balances = readonly (readonly [account: string, balance: unknown])[];

function resolve({ total, accounts, allowNegative = false }: BankOptions, firstRead: Balances | undefined): Expected {
  if (total !== undefined && !Number.isFinite(total))
    throw new RangeError(`Cannot check a bank: current total is ${total}, it must be a finite number`);
  if (accounts !== undefined && !Array.isArray(accounts))
    throw new TypeError(`Cannot check a bank: current accounts is ${formatValue(accounts)}, must be a list`);
  const first = firstRead ?? [];
  const sum = first.reduce((sum, [, balance]) => sum + Number(balance ?? 0), 0);
  return {
    total: total ?? sum,
    accounts: new Set((accounts ?? first.map(([account]) => account)).map(String)),
    allowNegative,
  };
}

function balancesOf(read: Operation): Balances {
  const { value } = read;
  if (Array.isArray(value) && value.every((pair) => Array.isArray(pair) && pair.length === 2))
    return (value as [unknown, unknown][]).map(([account, balance]) => [String(account), balance]);
  if (value instanceof Map)
    return [...(value as Map<unknown, unknown>)].map(([account, balance]) => [String(account), balance]);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value);
  throw new TypeError(
    `Cannot check a bank: current value of the ${describeOperation(read)} must be { account: ` +
      'balance } or [[account, balance], ...]',
  );
}

function judge(balances: Balances, { total, accounts, allowNegative }: Expected): Problem | undefined {
  const present = new Set(balances.map(([account]) => account));
  const missing = [...accounts].filter((account) => !present.has(account));
  if (missing.length > 0) return { type: 'missing-account', text: `it lacks the accounts ${missing.join(', ')}` };
  const unexpected = [...present].filter((account) => !accounts.has(account));
  if (unexpected.length > 0)
    return {
      type: 'unexpected-account',
      text: `it has the unknown accounts ${unexpected.join(', ')}`,
    };
  const without = balances.filter(([, balance]) => typeof balance !== 'number' && typeof balance !== 'bigint');
  if (without.length > 0)
    return {
      type: 'no-balance',
      text: `the accounts ${without.map(([account]) => account).join(', ')} have no number for a balance`,
    };
  const sum = balances.reduce((sum, [, balance]) => sum + Number(balance), 0);
  const all = formatValue(Object.fromEntries(balances));
  if (sum !== total)
    return {
      type: 'wrong-total',
      text: `the balances add up to ${sum}, they must to ${total}: ${all}`,
    };
  const lowest = Math.min(...balances.map(([, balance]) => Number(balance)));
  return !allowNegative && lowest < 0
    ? { type: 'negative-balance', text: `a balance is ${lowest}: ${all}` }
    : undefined;
}

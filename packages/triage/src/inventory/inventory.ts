import { rerunCommand } from '@chaos/record';
import { formatMs } from './format-ms.js';
import type { RunData } from '../runs/run-data.js';
import type { Decision, Tag } from '../triage/decision.js';
import { firstError, type Suspect } from '../triage/suspect.js';
import type { Explained } from './explained.js';
import { patternsOf, type Pattern } from './patterns.js';

/** One failure with its cause. */
export interface InventoryEntry {
  readonly testId: string;
  readonly chaosId: string | undefined;
  readonly title: string;
  /** Category of the test: the folder below the suites' root. */
  readonly category: string;
  readonly tag: Tag;
  /** 1 = first: authentication and data loss; 4 = last. */
  readonly priority: 1 | 2 | 3 | 4;
  /** 0…1. */
  readonly confidence: number;
  readonly evidence: readonly string[];
  /** Failed and all runs of the history and of triage together. */
  readonly frequency: { readonly failed: number; readonly runs: number };
  /** Start of the first run of the history in which it failed; ISO 8601. */
  readonly firstSeen: string;
  /** Part of the system that is suspected. */
  readonly suspectedPart: string;
  readonly nextStep: string;
  /** First line of the error. */
  readonly error: string;
  /** Command that runs the test as it failed. */
  readonly reproduce: string;
}

/** All failures of a run with their causes, the most urgent first, and what they have in common. */
export interface Inventory {
  readonly schemaVersion: 1;
  readonly runId: string;
  readonly failures: readonly InventoryEntry[];
  readonly patterns: readonly Pattern[];
  /** Failures outside of the tests, a line each; reruns of tests cannot explain that. */
  readonly errors: readonly string[];
}

/** Puts an inventory together; `history` are runs of any time, to say how often and since when a test fails. */
export function inventoryOf(run: RunData, explained: readonly Explained[], history: readonly RunData[]): Inventory {
  const failures = explained.map((each) => entryOf(run, each, history));
  return {
    schemaVersion: 1,
    runId: run.runId,
    failures: failures.sort(
      (a, b) => a.priority - b.priority || b.confidence - a.confidence || (a.title < b.title ? -1 : 1),
    ),
    patterns: patternsOf(explained),
    errors: outsideOf(run),
  };
}

function outsideOf({ status, errors }: RunData): readonly string[] {
  const lines = errors.map(
    ({ message, value }) => (message ?? value ?? 'an error without a message').split('\n', 1)[0]!,
  );
  if (status === undefined) return [...lines, 'the run was killed before its end'];
  return status === 'interrupted' || status === 'timedout' ? [...lines, `the run was ended early (${status})`] : lines;
}

function entryOf(run: RunData, { suspect, decision }: Explained, history: readonly RunData[]): InventoryEntry {
  const { test } = suspect.data;
  const seen = [...history.filter(({ runId }) => runId !== run.runId), run]
    .map(({ startMs, tests }) => ({ startMs, verdict: tests.find((each) => each.test.id === test.id)?.verdict }))
    .filter(({ verdict }) => verdict === 'passed' || verdict === 'failed' || verdict === 'flaky');
  const failures = seen.filter(({ verdict }) => verdict !== 'passed');
  const again = suspect.arms['same again'] ?? { failed: 0, runs: 0 };
  return {
    testId: test.id,
    chaosId: test.chaosId,
    title: test.titlePath.join(' › '),
    category: test.category,
    tag: decision.tag,
    priority: priorityOf(suspect, decision),
    confidence: Number(decision.confidence.toFixed(2)),
    evidence: decision.evidence,
    frequency: { failed: failures.length + again.failed, runs: seen.length + again.runs },
    firstSeen: new Date(Math.min(run.startMs, ...failures.map(({ startMs }) => startMs))).toISOString(),
    suspectedPart: partOf(suspect, decision),
    nextStep: nextStepOf(suspect, decision),
    error: (firstError(suspect)?.message ?? suspect.failure.status).split('\n')[0]!,
    reproduce: reproduceOf(run, suspect),
  };
}

function priorityOf({ data, failure }: Suspect, { tag }: Decision): InventoryEntry['priority'] {
  const isWorst = data.test.category === 'auth' || failure.failureClass === 'invariant';
  if (tag === 'POTENTIAL_BUG') return isWorst ? 1 : 2;
  if (tag === 'TUNING_NEEDED') return 4;
  return data.test.category === 'auth' ? 2 : 3;
}

function partOf({ data, failure }: Suspect, { tag }: Decision): string {
  if (tag === 'ENVIRONMENT') return 'machine';
  if (tag === 'TEST_DESIGN' || tag === 'TUNING_NEEDED') return 'test';
  const link = failure.faults.map(({ name }) => /→(\w+)/.exec(name)?.[1]).find((name) => name !== undefined);
  const needed = data.test.requires[0];
  return `target${link === undefined ? (needed === undefined ? '' : `, with ${needed}`) : `, its use of ${link}`}`;
}

function nextStepOf({ failure, data }: Suspect, { tag }: Decision): string {
  if (tag === 'POTENTIAL_BUG')
    return failure.failureClass === 'invariant'
      ? 'Read the violated invariant in the report; reproduce it with the command.'
      : 'Reproduce it with the command, and look at the logs of the target attached to the report.';
  if (tag === 'ENVIRONMENT')
    return 'Run it on a machine with enough CPUs to itself (chaos doctor); do not change the test.';
  if (tag === 'TUNING_NEEDED')
    return `Change the limit or the load of the test: it took ${formatMs(failure.durationMs)}, and was right with more time or less load.`;
  return `Correct the expectation or the isolation of ${data.test.location.file.split('/').at(-1)}:${data.test.location.line}.`;
}

// As the report of the run says it, but once.
function reproduceOf({ variant, config, argv }: RunData, { data }: Suspect): string {
  const start = { config, argv, ...(variant !== undefined && { variant }) };
  return `${rerunCommand(data.test, config.runner.seed, start)} --retries 0`;
}

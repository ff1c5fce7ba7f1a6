import type { RunData, TestData } from '../runs/run-data.js';
import { isWrongData } from '../runs/failures.js';

/** Limits of a gate; a limit that is left out is that of the run's configuration, or the default. */
export interface GateLimits {
  /** Percent of tests that should pass. Default: `pass_rates` of the run's environment. */
  readonly target?: number | undefined;
  /** Percent of tests that must pass. Default: `pass_rates` of the run's environment. */
  readonly acceptable?: number | undefined;
  /** Share of flaky tests, 0…1. Default 0.05. */
  readonly maxFlaky?: number | undefined;
  /** Share of tests that were inconclusive or did not run, 0…1. Default: `runner.max_inconclusive`. */
  readonly maxInconclusive?: number | undefined;
}

/** One condition of a gate. */
export interface GateCheck {
  readonly name: 'run' | 'whole' | 'faults' | 'pass rate' | 'flaky' | 'inconclusive' | 'potential bugs';
  readonly met: boolean;
  /** Percent, or a count for `potential bugs`; 0 for `run`, `whole` and `faults`. */
  readonly value: number;
  readonly limit: number;
  /** A clause for people. */
  readonly text: string;
}

/** Verdict of a gate on a run. */
export interface GateVerdict {
  readonly schemaVersion: 1;
  readonly runId: string;
  readonly environment: string;
  readonly met: boolean;
  /** Pass rate compared with the two rates of the environment. */
  readonly level: 'target' | 'acceptable' | 'below';
  readonly counts: Readonly<Record<'passed' | 'failed' | 'flaky' | 'inconclusive' | 'didNotRun' | 'skipped', number>>;
  readonly checks: readonly GateCheck[];
  readonly paragraph: string;
  readonly next: string;
}

/** A defect that triage found in this run: id of the test and title. */
export interface KnownBug {
  readonly testId: string;
  readonly title: string;
}

// Of a run that is as it should be nobody needs to read these.
const ABOUT_RUN: ReadonlySet<GateCheck['name']> = new Set(['run', 'whole', 'faults']);
const DEFAULT_MAX_FLAKY = 0.05;

/**
 * Judges whether a run is good enough to go on. A wrong result (`InvariantViolation`) is a potential bug without any
 * triage; `bugs` are those that triage found.
 */
export function judgeGate(run: RunData, limits: GateLimits = {}, bugs: readonly KnownBug[] = []): GateVerdict {
  const counts = countsOf(run.tests);
  const { passRates, runner, environment } = run.config;
  const rates = ratesOf(limits, passRates);
  const rate = passRate(counts);
  const checks: readonly GateCheck[] = [
    endCheck(run),
    wholeCheck(run),
    faultsCheck(run),
    rateCheck(counts, run.tests, rates, environment),
    flakyCheck(counts, limits.maxFlaky ?? DEFAULT_MAX_FLAKY),
    unknownCheck(counts, limits.maxInconclusive ?? runner.maxInconclusive),
    bugsCheck(bugsOf(run.tests, bugs)),
  ];
  const met = checks.every((check) => check.met);
  const level = rate >= rates.target ? 'target' : rate >= rates.acceptable ? 'acceptable' : 'below';
  return {
    schemaVersion: 1,
    runId: run.runId,
    environment,
    met,
    level,
    counts,
    checks,
    paragraph: paragraphOf(run, met, level, checks),
    next: nextOf(met, level, counts, checks),
  };
}

// A limit that was asked for holds; one of the configuration gives way to it.
function ratesOf(
  limits: GateLimits,
  configured: { readonly target: number; readonly acceptable: number },
): { readonly target: number; readonly acceptable: number } {
  const target = limits.target ?? configured.target;
  const acceptable = limits.acceptable ?? Math.min(configured.acceptable, target);
  return { target: Math.max(target, acceptable), acceptable };
}

type Counts = GateVerdict['counts'];

function conclusive({ passed, flaky, failed }: Counts): number {
  return passed + flaky + failed;
}

function passRate(counts: Counts): number {
  return percentOf(counts.passed + counts.flaky, conclusive(counts));
}

function rateCheck(
  counts: Counts,
  tests: readonly TestData[],
  { target, acceptable }: { readonly target: number; readonly acceptable: number },
  environment: string,
): GateCheck {
  const rate = passRate(counts);
  const inQuarantine = tests.filter(({ verdict }) => verdict === 'quarantined').length;
  const wanted = `target ${percent(target)}, acceptable ${percent(acceptable)} in ${environment}`;
  const passed = `${counts.passed + counts.flaky} of ${conclusive(counts)} conclusive tests passed`;
  return {
    name: 'pass rate',
    met: conclusive(counts) > 0 && rate >= acceptable,
    value: rate,
    limit: acceptable,
    text: `${passed} (${percent(rate)}; ${wanted})${inQuarantine === 0 ? '' : `; ${inQuarantine} in quarantine`}`,
  };
}

function flakyCheck(counts: Counts, maxShare: number): GateCheck {
  const value = percentOf(counts.flaky, conclusive(counts));
  const limit = 100 * maxShare;
  const were = counts.flaky === 1 ? '1 was flaky' : `${counts.flaky} were flaky`;
  return {
    name: 'flaky',
    met: value <= limit,
    value,
    limit,
    text: `${were} (${percent(value)}, limit ${percent(limit)})`,
  };
}

function unknownCheck(counts: Counts, maxShare: number): GateCheck {
  const unknown = counts.inconclusive + counts.didNotRun;
  const planned = conclusive(counts) + unknown;
  const value = percentOf(unknown, planned);
  const limit = 100 * maxShare;
  return {
    name: 'inconclusive',
    met: value <= limit,
    value,
    limit,
    text: `${unknown} of ${planned} showed nothing (${percent(value)}, limit ${percent(limit)})`,
  };
}

function bugsCheck(found: readonly KnownBug[]): GateCheck {
  return {
    name: 'potential bugs',
    met: found.length === 0,
    value: found.length,
    limit: 0,
    text: found.length === 0 ? 'no failure is known to be a bug' : `${countedBugs(found.length)}: ${named(found)}`,
  };
}

function countsOf(tests: readonly TestData[]): Counts {
  const count = (...verdicts: readonly string[]): number =>
    tests.filter(({ verdict }) => verdicts.includes(verdict)).length;
  return {
    passed: count('passed'),
    failed: count('failed'),
    flaky: count('flaky'),
    inconclusive: count('inconclusive'),
    didNotRun: count('did not run', 'interrupted'),
    skipped: count('skipped', 'quarantined'),
  };
}

function endCheck(run: RunData): GateCheck {
  const problem = problemOfEnd(run);
  return { name: 'run', met: problem === undefined, value: 0, limit: 0, text: problem ?? 'the run came to its end' };
}

// Other shards may have failed; each of them says nothing about the others.
function wholeCheck({ config }: RunData): GateCheck {
  const { shard } = config.runner;
  const part = shard && shard.total !== 1 ? `shard ${shard.current} of ${shard.total}` : undefined;
  const text = part === undefined ? 'the run is no part of another' : `the run is ${part} only`;
  return { name: 'whole', met: part === undefined, value: 0, limit: 0, text };
}

function faultsCheck({ withoutFaults }: RunData): GateCheck {
  const text = withoutFaults ? 'the run injected no fault (--no-faults)' : 'faults were injected';
  return { name: 'faults', met: !withoutFaults, value: 0, limit: 0, text };
}

function problemOfEnd({ status, errors, config, tests }: RunData): string | undefined {
  if (status === undefined) return 'the run was killed before its end';
  if (status !== 'passed' && status !== 'failed') return `the run was ended early (${status})`;
  const [first] = errors;
  if (first === undefined) return stopped(config.runner.maxFailures, tests);
  const counted = errors.length === 1 ? '1 error' : `${errors.length} errors`;
  return `${counted} outside of tests (${(first.message ?? '').split('\n')[0]})`;
}

// Tests that never ran could have failed: they are no small share left over by chance.
function stopped(maxFailures: number, tests: readonly TestData[]): string | undefined {
  const { failed, didNotRun } = countsOf(tests);
  // Records of earlier versions know no such limit.
  if (!(maxFailures > 0) || failed < maxFailures || didNotRun === 0) return undefined;
  const [failures, left] = [failed === 1 ? 'failure' : 'failures', didNotRun === 1 ? 'test' : 'tests'];
  return `the run was ended early after ${failed} ${failures}: ${didNotRun} ${left} never ran`;
}

function bugsOf(tests: readonly TestData[], bugs: readonly KnownBug[]): readonly KnownBug[] {
  const wrong = tests.filter(isWrongData).map(({ test }) => ({ testId: test.id, title: test.chaosId ?? test.title }));
  const known = new Set(wrong.map(({ testId }) => testId));
  return [...wrong, ...bugs.filter(({ testId }) => !known.has(testId))];
}

function countedBugs(count: number): string {
  return count === 1 ? '1 failure is a potential bug' : `${count} failures are potential bugs`;
}

function named(bugs: readonly KnownBug[]): string {
  const shown = bugs.slice(0, 3).map(({ title }) => title);
  return `${shown.join(', ')}${bugs.length > shown.length ? ' …' : ''}`;
}

// Whoever chose tests is told so: those that were left out were not judged.
function paragraphOf(
  { runId, argv }: RunData,
  met: boolean,
  level: GateVerdict['level'],
  checks: readonly GateCheck[],
): string {
  const wrong = checks.filter((check) => !check.met);
  const isWhole = argv.every((word) => word === 'run');
  const run = isWhole ? `run ${runId}` : `run ${runId}, \`chaos ${argv.join(' ')}\``;
  const verdict = met
    ? `The gate is met by ${run}${level === 'acceptable' ? ', though below its target' : ''}`
    : `The gate is not met by ${run}`;
  const because = wrong.length === 0 ? checks.filter(({ name }) => !ABOUT_RUN.has(name)) : wrong;
  return `${verdict}: ${because.map(({ text }) => text).join('; ')}.`;
}

function nextOf(met: boolean, level: GateVerdict['level'], counts: Counts, checks: readonly GateCheck[]): string {
  const wrong = (name: GateCheck['name']): boolean => checks.some((check) => check.name === name && !check.met);
  if (wrong('run')) return 'Find what ended the run or failed outside of its tests: `chaos doctor`, then run again.';
  if (wrong('faults')) return 'Run again without `--no-faults`: a test that no fault met shows nothing about faults.';
  if (wrong('whole'))
    return 'Judge all shards together: run each with `--reporter blob`, then `chaos merge-reports --reporter blob FOLDER`, and `chaos gate` on what it writes.';
  if (wrong('potential bugs')) return 'Fix the bugs first; `chaos triage --issues DIR` writes a text for each.';
  if (conclusive(counts) === 0) return 'See why no test was conclusive: the reasons in the report, and `chaos doctor`.';
  if (wrong('pass rate') || counts.failed > 0) {
    const counted = counts.failed === 1 ? '1 failure' : `${counts.failed} failures`;
    return `Ask for the cause of the ${counted}: \`chaos triage\`.`;
  }
  if (wrong('flaky')) return 'Bound the flake rates: `chaos flake`.';
  if (wrong('inconclusive')) return 'See why tests showed nothing: `chaos doctor`, and the reasons in the report.';
  return met && level === 'target' ? 'Nothing to do.' : 'Ask for the cause of the failures: `chaos triage`.';
}

function percent(value: number): string {
  return `${Number(value.toFixed(1))} %`;
}

function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}

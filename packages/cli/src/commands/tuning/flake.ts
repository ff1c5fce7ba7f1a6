import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { healDeadRuns } from '@chaos/runner/heal';
import { list } from '@chaos/runner/run';
import { ExitCode, UsageError, type ResolvedConfig, type SerializedError, type TestCase } from '@chaos/spec';
import { findPolluter, flakeRate, withRuns, type FlakeGoal, type FlakeTally } from '@chaos/triage';
import type { CliContext } from '../../context.js';
import { print } from '../../output/print.js';
import { printJson } from '../../output/print-json.js';
import { tell } from '../../output/tell.js';
import { endedBySignals } from '../../rerun/ended-by-signals.js';
import { quietConfig, rerun, type RerunResult } from '../../rerun/rerunner.js';
import { ownCapabilities } from '../../settings/load-definition.js';
import { resolveSettings } from '../../settings/resolve-settings.js';
import { runOptions } from '../../settings/run-options.js';
import { wholeNumber } from '../../settings/flag-values.js';
import { flakeText, type FlakeRow } from './flake-text.js';

/** Flags of `chaos flake`. */
export interface FlakeFlags {
  readonly config?: string;
  readonly environment?: string;
  readonly grep?: string;
  readonly variant?: string;
  readonly runs?: string;
  readonly confidence?: string;
  readonly below?: string;
  readonly maxRuns?: string;
  readonly json?: boolean;
}

const ALONE_RUNS = 3;
const FIRST_CHUNK = 10;

/**
 * `chaos flake`. Exit code 0 if every rate is bounded, 1 if a test fails or is undecided, or something failed outside of
 * tests.
 */
export async function flake(filters: readonly string[], flags: FlakeFlags, context: CliContext): Promise<ExitCode> {
  const goal = {
    below: ratio('--below', flags.below, 0.01),
    confidence: ratio('--confidence', flags.confidence, 0.95),
  };
  const fixed = flags.runs === undefined ? undefined : wholeNumber('--runs', flags.runs, 1);
  const most = fixed ?? wholeNumber('--max-runs', flags.maxRuns ?? '400', 1);
  const config = await resolveSettings(flags, {}, context);
  const { tests, errors } = await list({
    ...runOptions(filters, { ...flags, faults: true }, config, context),
    reporters: [],
    capabilities: await ownCapabilities(config),
  });
  if (errors.length > 0 || tests.length === 0)
    throw new UsageError(`Cannot measure: ${errors[0]?.message ?? 'no test was found'}`);
  await healDeadRuns({ log: (line) => tell(context, line) });
  const folder = mkdtempSync(join(tmpdir(), 'chaos-flake-'));
  try {
    const {
      rows,
      unmeasured,
      errors: outside,
    } = await measure({
      tests,
      goal,
      fixed,
      most,
      config: quietConfig(config, folder),
      variant: flags.variant,
      context,
    });
    if (flags.json === true) printJson(context, { schemaVersion: 1, goal, tests: rows, unmeasured, errors: outside });
    else print(context, flakeText({ rows, goal, unmeasured, errors: outside }));
    const isKnown = unmeasured.length + outside.length === 0 && rows.length > 0;
    return isKnown && rows.every(({ verdict }) => verdict === 'stable') ? ExitCode.passed : ExitCode.failed;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Measurement {
  readonly tests: readonly TestCase[];
  readonly goal: FlakeGoal;
  readonly fixed: number | undefined;
  readonly most: number;
  readonly config: ResolvedConfig;
  readonly variant: string | undefined;
  readonly context: CliContext;
}

/**
 * `unmeasured`: titles of tests of which no run told anything, though they are not skipped. `errors`: what failed
 * outside of tests in any of the runs, the first line of each, once.
 */
interface Measured {
  readonly rows: readonly FlakeRow[];
  readonly unmeasured: readonly string[];
  readonly errors: readonly string[];
}

async function measure({ tests, goal, fixed, most, config, variant, context }: Measurement): Promise<Measured> {
  using ended = endedBySignals();
  const outside = new Set<string>();
  const again = async (ids: Iterable<string>, runs: number): Promise<RerunResult> => {
    const result = await rerun({ ids: new Set(ids), runs, config, variant, signal: ended.signal });
    ended.throwIfEnded();
    for (const error of result.errors) outside.add(firstLine(error));
    return result;
  };
  const tallies = new Map<string, FlakeTally>();
  const silent = new Set<string>();
  const add = ({ attempts, errors }: RerunResult): void => {
    for (const { id } of tests)
      if (attempts.get(id)?.some(({ inconclusive }) => inconclusive !== undefined) ?? errors.length > 0) silent.add(id);
    for (const [id, each] of attempts) tallies.set(id, withRuns(tallies.get(id) ?? { failed: 0, runs: 0 }, each));
  };
  tell(context, `all ${tests.length} in order, once`);
  const inOrder = await again(
    tests.map(({ id }) => id),
    1,
  );
  const pollutions = await pollutionsOf(inOrder, again, context);
  add(withoutVictims(inOrder, pollutions));
  for (let chunk = FIRST_CHUNK; ; chunk *= 2) {
    const open = tests.filter(({ id }) => isOpen(tallies.get(id), goal, fixed, most));
    if (open.length === 0) break;
    const runs = Math.min(chunk, most - Math.min(...open.map(({ id }) => tallies.get(id)?.runs ?? 0)));
    tell(context, `${open.length} undecided, ${runs} more runs of each`);
    // A test that depends on its neighbours is measured without them.
    const alone = open.filter(({ id }) => pollutions.has(id)).map(({ id }) => [id]);
    const together = open.filter(({ id }) => !pollutions.has(id)).map(({ id }) => id);
    const before = total(tallies);
    for (const ids of [together, ...alone]) if (ids.length > 0) add(await again(ids, runs));
    // Nothing runs any more, such as where the target does not start: more rounds would not help.
    if (total(tallies) === before) break;
  }
  const titles = new Map(tests.map((test) => [test.id, test.titlePath.join(' › ')]));
  const isMeasured = (id: string): boolean => (tallies.get(id)?.runs ?? 0) > 0;
  const unmeasured = [...silent].filter((id) => !isMeasured(id)).map((id) => titles.get(id)!);
  const rows = tests
    .flatMap(({ id, chaosId }): readonly FlakeRow[] => {
      const tally = tallies.get(id);
      const polluter = pollutions.get(id);
      if (tally === undefined || tally.runs === 0) return [];
      const row = { testId: id, chaosId, title: titles.get(id)!, ...flakeRate(tally, goal, fixed !== undefined) };
      return [
        polluter === undefined ? row : { ...row, failsAfter: { testId: polluter, title: titles.get(polluter)! } },
      ];
    })
    .sort((a, b) => Number(b.failsAfter !== undefined) - Number(a.failsAfter !== undefined) || b.rate - a.rate);
  return { rows, unmeasured, errors: [...outside] };
}

function firstLine({ message, value }: SerializedError): string {
  return (message ?? value ?? 'an error without a message').split('\n', 1)[0]!;
}

function total(tallies: ReadonlyMap<string, FlakeTally>): number {
  return [...tallies.values()].reduce((sum, { runs }) => sum + runs, 0);
}

function isOpen(tally: FlakeTally | undefined, goal: FlakeGoal, fixed: number | undefined, most: number): boolean {
  if (tally === undefined) return true;
  if (tally.runs === 0 || tally.runs >= most) return false;
  return fixed !== undefined || flakeRate(tally, goal).verdict === 'undecided';
}

/** For each test that fails in order and passes alone, the test that makes it fail. */
async function pollutionsOf(
  inOrder: RerunResult,
  again: (ids: Iterable<string>, runs: number) => Promise<RerunResult>,
  context: CliContext,
): Promise<ReadonlyMap<string, string>> {
  const order = [...inOrder.attempts].sort(([, a], [, b]) => a[0]!.startMs - b[0]!.startMs).map(([id]) => id);
  const failed = (result: RerunResult, id: string): boolean =>
    (result.attempts.get(id) ?? []).some(({ status }) => status === 'failed' || status === 'timedOut');
  const found = new Map<string, string>();
  for (const victim of order.filter((id) => failed(inOrder, id))) {
    tell(context, 'one fails in order: alone, then after halves of the tests before it');
    if (failed(await again([victim], ALONE_RUNS), victim)) continue;
    const { polluter } = await findPolluter(order.slice(0, order.indexOf(victim)), async (before) =>
      failed(await again([...before, victim], 1), victim),
    );
    if (polluter !== undefined) found.set(victim, polluter);
  }
  return found;
}

// A failure with a known polluter says nothing about the rate of the test itself.
function withoutVictims(result: RerunResult, victims: ReadonlyMap<string, string>): RerunResult {
  return { ...result, attempts: new Map([...result.attempts].filter(([id]) => !victims.has(id))) };
}

function ratio(flag: string, text: string | undefined, fallback: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (!(value > 0 && value < 1))
    throw new UsageError(`Cannot use ${flag} ${text}: it must be a number between 0 and 1`);
  return value;
}

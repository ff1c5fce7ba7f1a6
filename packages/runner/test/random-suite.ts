import type { Random } from '@chaos/stats';
import type { Told, ToldRun, ToldTest } from './verdict-model.js';

/** Behaviour of a test's body in one attempt. */
export type Act = 'pass' | 'fail' | 'hang' | 'crash' | 'skip' | 'inconclusive' | 'invariant' | 'stall';

export interface SuiteTest {
  readonly title: string;
  /** By retry number. */
  readonly acts: readonly Act[];
  readonly expected: 'passed' | 'failed';
  readonly quarantined: boolean;
  /** True if it cannot run here. */
  readonly lacking: boolean;
}

/** Files of tests with what a run of them is asked for. */
export interface Suite {
  /** A group of several is serial. They go to the files in turn. */
  readonly groups: readonly (readonly SuiteTest[])[];
  readonly retries: number;
  readonly maxFailures: number;
  readonly failOnFlaky: boolean;
  readonly maxInconclusive: number;
  /** The last file throws while it is loaded. */
  readonly broken: boolean;
  readonly teardownFails: boolean;
  /** Cause of an empty selection, and its excuse. */
  readonly empty: 'no' | 'grep' | 'shard' | 'unchanged';
  readonly passWithNoTests: boolean;
  readonly files: number;
  /** Each of them has all tests. */
  readonly projects: readonly string[];
  readonly workers: number;
  /** It is run as two shards, each with an end of its own. */
  readonly sharded: boolean;
}

const STATUS: Readonly<Record<Act, Told>> = {
  pass: { status: 'passed' },
  fail: { status: 'failed' },
  hang: { status: 'timedOut' },
  // An act that no test expects.
  crash: { status: 'timedOut' },
  skip: { status: 'skipped' },
  inconclusive: { status: 'skipped', inconclusive: 'no chance' },
  invariant: { status: 'failed', invariant: true },
  // It waits for ever, and the run is sent SIGINT.
  stall: { status: 'interrupted' },
};

/** Small, so that cases rare in a large suite happen often. `acts`: behaviours of bodies; passing is common. */
export function randomSuite(random: Random, acts: readonly Act[]): Suite {
  const oneOf = (share: number): boolean => random.next() < share;
  const retries = random.integer(0, 2);
  const calm = oneOf(0.3);
  let count = 0;
  const test = (): SuiteTest => ({
    title: `t${count++}`,
    acts: Array.from({ length: retries + 1 }, () => (oneOf(calm ? 0.9 : 0.4) ? 'pass' : random.pick(acts))),
    expected: oneOf(0.1) ? 'failed' : 'passed',
    quarantined: oneOf(0.08),
    lacking: oneOf(0.05),
  });
  const size = (): number => (oneOf(0.4) ? random.integer(2, 4) : 1);
  const groups = Array.from({ length: random.integer(1, 4) }, () => Array.from({ length: size() }, test));
  // In which order files, projects and workers come is not for the model to know, nor what a stop leaves of them.
  const wide = oneOf(0.3);
  const empty = oneOf(0.1) ? random.pick(['grep', 'shard', 'unchanged'] as const) : 'no';
  const stalls = !wide && oneOf(0.12) ? `t${random.integer(0, count - 1)}` : undefined;
  return {
    groups: groups.map((group) =>
      group.map((each) => (each.title === stalls ? { ...each, acts: each.acts.map(() => 'stall') } : each)),
    ),
    retries,
    maxFailures: !wide && oneOf(0.15) ? random.integer(1, 2) : 0,
    failOnFlaky: oneOf(0.2),
    maxInconclusive: random.pick([0, 0.25, 0.5, 1]),
    broken: oneOf(0.04),
    teardownFails: oneOf(0.06),
    // Only one file alone is known to be all in the first shard.
    empty: wide && empty === 'shard' ? 'grep' : empty,
    passWithNoTests: oneOf(0.1),
    files: wide ? random.integer(1, Math.min(3, groups.length)) : 1,
    projects: wide && oneOf(0.5) ? ['one', 'two'] : [''],
    workers: wide ? random.integer(1, 2) : 1,
    sharded: wide && oneOf(0.4),
  };
}

/** The files of a suite: the groups of each. */
export function groupsByFile({ groups, files }: Suite): readonly (readonly (readonly SuiteTest[])[])[] {
  return Array.from({ length: files }, (_, file) => groups.filter((_group, index) => index % files === file));
}

/** Computes the events of this suite's run, of all shards together. */
export function play(suite: Suite): ToldRun {
  const left = { failures: suite.maxFailures === 0 ? Infinity : suite.maxFailures, stopped: false };
  // Files that depend on no change are not even loaded.
  const unloaded = suite.broken && suite.empty !== 'unchanged';
  const isEmpty = suite.empty !== 'no' || unloaded;
  const tests = suite.projects.flatMap((project) =>
    suite.groups
      .flatMap((group) => (isEmpty ? [] : playGroup(group, suite.retries, left)))
      .map((each) => ({ ...each, title: `${project} ${each.title}` })),
  );
  return {
    tests,
    ...(left.stopped && { stop: { kind: 'signal', exitCode: 130 } }),
    errorsOutside: Number(unloaded) + Number(suite.teardownFails),
    unloaded,
    allowed: {
      noTests: suite.passWithNoTests,
      emptyShard: suite.empty === 'shard',
      unchanged: suite.empty === 'unchanged',
    },
    failOnFlaky: suite.failOnFlaky,
    maxInconclusive: suite.maxInconclusive,
    overloaded: false,
  };
}

// Tries a group until nothing in it fails, its retries are used up, or the run has failed often enough.
function playGroup(
  group: readonly SuiteTest[],
  retries: number,
  left: { failures: number; stopped: boolean },
): ToldTest[] {
  const attempts = group.map((): Told[] => []);
  let again = left.failures > 0;
  for (let round = 0; again; round++) {
    again = false;
    for (const [index, test] of group.entries()) {
      if (test.lacking) continue;
      const told = STATUS[test.acts[round] as Act];
      attempts[index]?.push(told);
      if (told.status === 'interrupted') {
        left.stopped = true;
        left.failures = 0;
        break;
      }
      if (told.status === 'skipped' || told.status === test.expected) continue;
      again = round < retries && !test.quarantined && !told.invariant;
      if (!again && !test.quarantined) left.failures--;
      break;
    }
  }
  return group.map(({ title, expected, quarantined, lacking }, index) => ({
    title,
    expected,
    quarantined,
    attempts: attempts[index] ?? [],
    skip: lacking ? 'skipped' : 'did not run',
  }));
}

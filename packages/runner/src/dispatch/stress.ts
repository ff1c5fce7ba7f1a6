import { sprt, wilsonInterval, type Sprt } from '@chaos/stats';
import type { JobChain, Job } from '../plan/job-chains.js';
import type { PlannedTest } from '../plan/planned-test.js';
import type { Until } from '../run-options.js';

// `stable` decides between these failure ratios, at risks of 5 %: no failure in 72 runs means stable.
const STABLE_RATIO = 0.01;
const FLAKY_RATIO = 0.05;

interface Repeated {
  readonly job: Job;
  begun: number;
}

interface Tally {
  readonly test: PlannedTest;
  runs: number;
  failures: number;
  readonly sprt: Sprt | undefined;
}

/** Runs the same tests repeatedly, in all places at once, until the requested condition is met. */
export class Stress {
  readonly #until: Until;
  readonly #jobs: readonly Repeated[];
  readonly #tallies = new Map<string, Tally>();
  readonly #endMs: number;
  #failures = 0;

  /** `mostMs` limits conditions that might never be met; 0: no limit. */
  constructor(until: Until, chains: readonly JobChain[], mostMs: number) {
    this.#until = until;
    this.#endMs = performance.now() + (until.kind === 'duration' ? until.durationMs : mostMs || Infinity);
    this.#jobs = chains
      .flatMap(({ jobs }) => jobs)
      .flatMap((job) => split(job).map((each) => ({ job: each, begun: 0 })));
    for (const { job } of this.#jobs) {
      for (const test of job.tests)
        this.#tallies.set(test.id, {
          test,
          runs: 0,
          failures: 0,
          sprt: until.kind === 'stable' ? sprt({ p0: STABLE_RATIO, p1: FLAKY_RATIO }) : undefined,
        });
    }
  }

  /** Returns the undecided test that has run least; `undefined` if nothing more should start. */
  next = (): JobChain | undefined => {
    if (performance.now() >= this.#endMs || (this.#until.kind === 'fail' && this.#failures > 0)) return undefined;
    let least: Repeated | undefined;
    for (const each of this.#jobs) if (!this.#isDecided(each) && (!least || each.begun < least.begun)) least = each;
    if (!least) return undefined;
    const { job } = least;
    return { file: job.file, jobs: [{ ...job, retry: least.begun++ }] };
  };

  /** Takes a conclusive result of a test; returns true if the test has failed more often than the condition allows. */
  add(testId: string, failed: boolean): boolean {
    const tally = this.#tallies.get(testId);
    if (!tally) return false;
    tally.runs++;
    if (failed) tally.failures++;
    if (failed) this.#failures++;
    tally.sprt?.add(failed);
    return failsTooOften(tally);
  }

  /** A line for each test that failed too often, with its pass rate. The test itself is what fails the run. */
  failing(): readonly string[] {
    return [...this.#tallies.values()]
      .filter(failsTooOften)
      .map((tally) => `${nameOf(tally)}${tally.sprt ? ' is not stable' : ''}: ${seenOf(tally)}`);
  }

  /** A line for each test of which `stable` knows too little. The result of no test shows that. */
  undecided(): readonly string[] {
    return [...this.#tallies.values()]
      .filter(({ sprt: test }) => test !== undefined && test.verdict !== 'STABLE' && test.verdict !== 'FLAKY')
      .map(
        (tally) =>
          `${nameOf(tally)} is not decided: ${seenOf(tally)}; give it more time (--global-timeout), or --until a number`,
      );
  }

  #isDecided({ job, begun }: Repeated): boolean {
    const { kind } = this.#until;
    if (kind === 'runs') return begun >= this.#until.runs;
    return kind === 'stable' && job.tests.every(({ id }) => this.#tallies.get(id)?.sprt?.verdict !== 'CONTINUE');
  }
}

function failsTooOften({ sprt: test, failures }: Tally): boolean {
  return test === undefined ? failures > 0 : test.verdict === 'FLAKY';
}

function nameOf({ test }: Tally): string {
  return `"${test.titlePath.join(' › ')}"`;
}

function seenOf({ failures, runs }: Tally): string {
  return `${failures} of ${runs} runs failed${runs === 0 ? '' : `, ${rate(failures, runs)}`}`;
}

// Repeated tests are not retried, and each test of a file is repeated separately.
function split(job: Job): readonly Job[] {
  const tests = job.tests.map((test) => ({
    ...test,
    retries: 0,
    retryPolicy: { ...test.retryPolicy, count: 0, timeoutFactor: 1 },
  }));
  return job.serial
    ? [{ ...job, tests, repeats: true }]
    : tests.map((test) => ({ ...job, tests: [test], repeats: true }));
}

function rate(failures: number, runs: number): string {
  const percent = (share: number): string => (100 * share).toFixed(1);
  const { lower, upper } = wilsonInterval(runs - failures, runs);
  return `pass rate ${percent(1 - failures / runs)} % (95 % CI ${percent(lower)}…${percent(upper)} %)`;
}

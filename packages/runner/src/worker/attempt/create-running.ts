import type { Attempt, ExperimentReport, LoadReport, SerializedError } from '@chaos/spec';
import { attemptFolder } from '../../output-folders.js';
import { serializeError } from '../../data/serialize-error.js';
import { retryRulesOf, type TestNode } from '../../declare/suite.js';
import type { FixtureList } from '../../fixtures/fixture-list.js';
import type { Pool } from '../../fixtures/pool.js';
import { Scope } from '../../fixtures/scope.js';
import { followSteps, type StepChange } from '../../info/step-log.js';
import { StartedList } from '../../info/started.js';
import { TestInfo } from '../../info/test-info.js';
import type { LoadedTest, TestOrder } from '../../ipc/messages.js';
import { wallMs } from '../../real-time.js';
import { AttemptVerdict } from './attempt-verdict.js';
import { Clock, type TimeBudget } from '../time/clock.js';
import { poolOfTest } from '../describe-tests.js';
import { explainTimeout } from './whereabouts/explain-timeout.js';
import { Injector } from './injector.js';
import { isRetriable } from '../../retry/is-retriable.js';
import { whenOf } from '../../retry/retry-options.js';
import { lateError } from './late-error.js';
import { reported } from './reported.js';
import type { Running } from './running.js';
import type { Session } from '../session.js';

// A search for the load that provokes something makes many.
const MOST_LOADS = 100;
// What is sent with a failure, in case the worker is lost: a test may fail softly a thousand times.
const MOST_WRITTEN = 10;
const MOST_BODY = 100_000;

/**
 * Everything that the phases of one attempt share; created before the first phase. `budget` is the budget of the test.
 */
export function createRunning(
  session: Session,
  node: TestNode,
  test: LoadedTest,
  order: TestOrder,
  budget: TimeBudget,
): Running {
  const { rootDir } = session.init.config;
  const clock = new Clock((late) => explainTimeout(late, rootDir));
  const injector = createInjector(session, clock, order);
  const started = new StartedList();
  // A failure after the test has its result cannot change it.
  const fail = (error: unknown): void => {
    if (started.isOver) session.channel.notify('error', { error: lateError(error, info) });
    else verdict.take(error);
  };
  const failSuite = (error: unknown): void => {
    if (started.isOver) return fail(error);
    const isNew = verdict.take(error);
    // A failure that is expected of the test, or known, says nothing of the hooks that it shares with others.
    if (isNew && !session.leakRun && (order.inQuarantine || info.expectedStatus === 'failed'))
      session.channel.notify('error', { error: serializeError(error) });
  };
  const stretched: string[] = [];
  const loads: LoadReport[] = [];
  const experiments: ExperimentReport[] = [];
  const info = createInfo({ session, node, test, order, budget, clock, injector, stretched, loads, experiments, fail });
  followSteps(info, session.init.everyStep, (change) => tellStep(session, started, order, change));
  const when = whenOf(retryRulesOf(node)) ?? session.retryWhen(order.project);
  const verdict = new AttemptVerdict(info, (error) => isRetriable(error, when, info), tellFailures(session, info));
  return {
    session,
    node,
    pool: poolIn(node, session.projectUse(order.project), fail),
    info,
    clock,
    scope: new Scope('test', session.workerScope),
    injector,
    stretched,
    loads,
    experiments,
    started,
    verdict,
    fail,
    failSuite,
  };
}

// A step that ends after its test has its result changes nothing any more.
function tellStep(session: Session, started: StartedList, { testId, retry }: TestOrder, change: StepChange): void {
  if (!session.leakRun && !started.isOver) session.channel.notify('progress', { ...change, testId, retry });
}

// At once: the next statement may end this process, or be a loop that never lets it send anything.
function tellFailures({ leakRun, channel }: Session, info: TestInfo): (error: SerializedError) => void {
  let told = 0;
  return (error) => {
    if (leakRun) return;
    told += 1;
    const written = told <= MOST_WRITTEN && { written: writtenBy(info) };
    channel.notify('testError', { testId: info.testId, error, ...written });
    void channel.flush();
  };
}

function writtenBy(info: TestInfo): Pick<Attempt, 'annotations' | 'attachments'> {
  const { annotations, attachments } = reported(info);
  return { annotations, attachments: attachments.filter(({ body = '' }) => body.length <= MOST_BODY) };
}

// The configuration may give a value to a fixture that is no option.
function poolIn(node: TestNode, projectUse: FixtureList | undefined, fail: (error: unknown) => void): Pool {
  try {
    return poolOfTest(node, projectUse);
  } catch (error) {
    fail(error);
    return poolOfTest(node);
  }
}

function createInjector(session: Session, clock: Clock, { testId, retry }: TestOrder): Injector {
  return new Injector({
    enabled: session.init.faults,
    journal: () => session.ledger,
    signal: () => clock.signal,
    onChange: (name, active) =>
      session.leakRun ||
      session.channel.notify('progress', {
        type: active ? 'fault-start' : 'fault-end',
        testId,
        retry,
        name,
        timeMs: wallMs(),
      }),
  });
}

interface InfoParts extends Pick<
  Running,
  'session' | 'node' | 'clock' | 'injector' | 'stretched' | 'loads' | 'experiments' | 'fail'
> {
  readonly test: LoadedTest;
  readonly order: TestOrder;
  readonly budget: TimeBudget;
}

function createInfo({
  session,
  node,
  test,
  order,
  budget,
  clock,
  injector,
  stretched,
  loads,
  experiments,
  fail,
}: InfoParts): TestInfo {
  const { init, channel } = session;
  const { testId } = order;
  const info = new TestInfo({
    testId,
    title: test.title,
    titlePath: test.titlePath,
    location: test.location,
    tags: test.tags,
    annotations: test.annotations,
    retry: order.repeats ? 0 : order.retry,
    repeatEachIndex: order.repeats ? order.retry : order.repeatEachIndex,
    project: order.project,
    workerIndex: init.workerIndex,
    parallelIndex: init.parallelIndex,
    timeoutMs: order.timeoutMs,
    outputDir: attemptFolder(session.outputDir, testId, order.retry) + (session.leakRun ? '-leak-run' : ''),
    seed: init.config.runner.seed,
    variant: init.variant,
    needs: test.needs ?? (init.config.runner.requireNeeds ? [] : undefined),
    config: session.config,
    argv: init.argv,
    version: init.version,
    use: (project) => session.projectUse(project)?.fixtures ?? {},
    fn: node.body,
    onTimeoutChange: (timeoutMs) => {
      // Changes in a beforeAll hook, or in a fixture with its own time-out, affect only that budget.
      if ((Clock.underWay ?? clock).setBudget(timeoutMs, budget) !== budget) return false;
      if (!session.leakRun) {
        channel.notify('timeoutChange', { testId, timeoutMs });
        // At once: the next statement may be a loop that never lets this process send anything.
        void channel.flush();
      }
      return true;
    },
    // An afterAll hook has its own clock.
    signal: () => (Clock.underWay ?? clock).signal,
    inject: (fault, how) => injector.inject(fault, how),
    ended: (asking) => session.ended(asking),
    stretched: (reason) => void stretched.push(reason),
    noteLoad: (load) => void (loads.length < MOST_LOADS && loads.push(load)),
    noteExperiment: (experiment) => void (experiments.length < MOST_LOADS && experiments.push(experiment)),
    journal: () => session.ledger,
    fail,
  });
  info.expectedStatus = test.expectedStatus;
  return info;
}

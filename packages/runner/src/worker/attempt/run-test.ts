import { checkRan, type Attempt } from '@chaos/spec';
import { suitesOf, type SuiteNode, type TestNode } from '../../declare/suite.js';
import { parameterNames } from '../../fixtures/parameters.js';
import { setCurrentTest } from '../../info/current-test.js';
import { inContext, type StartedIn } from '../../info/test-context.js';
import type { Leak, LoadedTest, TestOrder } from '../../ipc/messages.js';
import { monotonicMs, nextTurn, wallMs } from '../../real-time.js';
import { keepPromises } from '../../data/real-promises.js';
import { serializeError } from '../../data/serialize-error.js';
import { isRetriedNext } from '../../retry/decide-retry.js';
import { attachLogs } from './evidence/attach-logs.js';
import { attemptOf } from './attempt-of.js';
import { PhaseTimeout, timeBudget, type TimeBudget } from '../time/clock.js';
import { isA } from '../../data/is-a.js';
import { Interrupted } from './interrupted.js';
import { createRunning } from './create-running.js';
import { fixtureClock, workerTeardownClock } from './stages/fixture-clock.js';
import { closeSuites, openSuites } from '../hooks-all.js';
import { setRunning, type Running } from './running.js';
import type { Session } from '../session.js';
import { applyConditions } from './stages/conditions.js';
import { runHook, setUp } from './stages/set-up.js';
import { judgeEvidence } from './evidence/judge-evidence.js';
import { tellIncidents } from './evidence/tell-incidents.js';
import { stageAround } from './stages/stages.js';
import { restoreUncaught } from '../uncaught-listeners.js';
import { UnhealedFault } from './evidence/unhealed-fault.js';

/** The result of one attempt. */
export interface TestReport {
  readonly attempt: Attempt;
  readonly expectedStatus: LoadedTest['expectedStatus'];
  readonly retriable: boolean;
  /** Leftovers of the attempt. */
  readonly leaks: readonly Leak[];
  /** Reason why this worker cannot be used any more. */
  readonly tainted: string | undefined;
}

/**
 * Next action: another try of the test (of its whole group, if that is serial), a second run because it leaked, or
 * something else.
 */
export type Next = 'retry' | 'leak run' | 'other';

/** Returns the suites that end with a test. */
type Leave = (suite: SuiteNode, next: Next) => boolean;

const GRACE_MS = 500;

/**
 * Runs one attempt: opens suites, runs hooks, fixtures, body, healing and teardown, and closes suites that end with it.
 */
export async function runTest(
  session: Session,
  node: TestNode,
  test: LoadedTest,
  order: TestOrder,
  leave: Leave,
): Promise<TestReport> {
  const budget = timeBudget(order.timeoutMs);
  const startMs = wallMs();
  const start = monotonicMs();
  const run = createRunning(session, node, test, order, budget);
  const { info, started, verdict } = run;
  restoreUncaught();
  const restorePromises = keepPromises();
  setRunning(run);
  setCurrentTest(info);
  const { leaks, tainted } = await inContext({ info, started, in: 'test' }, async () => {
    await enter(run, order);
    const { opened, values } = verdict.failed ? NOT_OPENED : await prepare(run, budget, order.timeoutMs);
    if (values !== undefined) await attempted(run, () => runBody(run, values, budget));
    info.duration = monotonicMs() - start;
    return stageAround(info, 'After Hooks', async () => {
      await tearDown(run, opened, afterwards(run, budget));
      const left = await lookForLeft(run);
      await attempted(run, () => attachLogs(run, startMs));
      const next = isRetriedNext(order, verdict) ? 'retry' : left.leaks.length > 0 ? 'leak run' : 'other';
      await closeSuites(session, (suite) => leave(suite, next), run.failSuite, info);
      return left;
    });
  });
  setRunning(undefined);
  setCurrentTest(undefined);
  const { attempt, expectedStatus } = attemptOf(run, order, { startMs, durationMs: monotonicMs() - start });
  started.end();
  restorePromises();
  restoreUncaught();
  return { attempt, expectedStatus, retriable: verdict.retriable, leaks, tainted };
}

async function attempted(run: Running, phase: () => Promise<void>): Promise<boolean> {
  try {
    await phase();
    return true;
  } catch (error) {
    run.fail(error);
    return false;
  }
}

// First close suites and worker fixtures that do not surround this test.
async function enter({ session, node }: Running, order: TestOrder): Promise<void> {
  const around = new Set(suitesOf(node));
  const { isNew, isOtherProject } = session.enter(order);
  const tell = (error: unknown): void => session.channel.notify('error', { error: serializeError(error) });
  await closeSuites(session, (suite) => isNew || !around.has(suite), tell);
  if (isOtherProject)
    await session.workerScope.tearDown(workerTeardownClock(session.config.runner.testTimeoutMs), tell);
  session.workerScope.forgetFailures();
  session.environment.enter(order.project, session.given);
}

interface Prepared {
  /** True if the suites around the test are open. */
  readonly opened: boolean;
  /** The fixtures of its body; absent where a hook or a fixture failed, or skipped the test. */
  readonly values?: Readonly<Record<string, unknown>>;
}

const NOT_OPENED: Prepared = { opened: false };

async function prepare(run: Running, budget: TimeBudget, timeoutMs: number): Promise<Prepared> {
  const { node, info, scope, pool } = run;
  let prepared = NOT_OPENED;
  await attempted(run, () =>
    stageAround(info, 'Before Hooks', async () => {
      await openSuites(run, timeoutMs);
      prepared = { opened: true };
      await runBeforeEach(run, budget);
      const names = parameterNames(node.body, node.location);
      await setUp(run, names, budget);
      prepared = { opened: true, values: scope.values(names, pool) };
    }),
  );
  return prepared;
}

async function runBody(run: Running, values: Readonly<Record<string, unknown>>, budget: TimeBudget): Promise<void> {
  const { node, info, clock } = run;
  await clock.run({ name: 'body', budget, onTimeout: (ms) => `Test timeout of ${ms}ms exceeded.` }, async () =>
    checkRan(`Cannot run the test "${node.title}"`, await node.body(values, info)),
  );
}

// All hooks run, though one failed, until one skips the test or takes too long.
async function runBeforeEach(run: Running, budget: TimeBudget): Promise<void> {
  const { node, verdict } = run;
  for (const suite of suitesOf(node)) {
    await applyConditions(run, suite, budget);
    for (const hook of suite.hooks) {
      if (hook.type !== 'beforeEach') continue;
      try {
        await runHook(run, hook, budget);
      } catch (error) {
        run.fail(error);
        if (!verdict.failed || isA(error, PhaseTimeout) || isA(error, Interrupted)) throw error;
      }
    }
  }
  if (verdict.failed) throw verdict.first;
}

// Budget for everything after the body: that of the test, which may have changed it.
function afterwards({ session }: Running, { budgetMs }: TimeBudget): TimeBudget {
  return timeBudget(Math.max(budgetMs, session.init.config.runner.testTimeoutMs));
}

async function tearDown(run: Running, opened: boolean, budget: TimeBudget): Promise<void> {
  const { node, clock, injector, scope, started, fail } = run;
  clock.beginTeardown();
  if (opened) {
    for (const suite of [...suitesOf(node)].reverse())
      for (const hook of suite.hooks)
        if (hook.type === 'afterEach') await attempted(run, () => runHook(run, hook, budget));
  }
  await endStarted(run, 'test');
  if (injector.active) {
    const onTimeout = (ms: number): string => `Healing exceeded the test timeout of ${ms}ms.`;
    await attempted(run, () =>
      clock.run({ name: 'heal', budget, onTimeout }, async () => (await injector.healAll()).forEach(fail)),
    );
  }
  await scope.tearDown(fixtureClock(run, budget), fail);
  // Unhandled rejections are reported at the end of the turn: until then they belong to this test.
  await new Promise<void>(nextTurn);
  await endStarted(run, 'fixture');
  started.takeRejected().forEach(fail);
  await attempted(run, () => tellIncidents(run, budget));
  judgeEvidence(run);
}

// Fails the test for work that it did not await. A test that failed already may have left work that nobody could await
// any more.
async function endStarted({ started, verdict, clock, info, fail }: Running, part: StartedIn): Promise<void> {
  if (started.unsettled(part).length === 0) return;
  // Work that needs only this turn counts as ended in time.
  await new Promise<void>(nextTurn);
  const errors = started.notAwaited(part);
  if (errors.length === 0) return;
  if (!verdict.failed && info.status === 'passed') errors.forEach(fail);
  clock.abandon(new Error('The test ended'));
}

async function lookForLeft(run: Running): Promise<Pick<TestReport, 'leaks' | 'tainted'>> {
  const { session, clock, started, info, fail } = run;
  const unhealed = session.takeUnhealed();
  for (const what of unhealed) fail(new UnhealedFault(what));
  const settled = await clock.settle(GRACE_MS, started.promises);
  if (!settled) return { leaks: [], tainted: `"${info.title}" went on after its end` };
  if (unhealed.length > 0) return { leaks: [], tainted: `"${info.title}" left a fault in force` };
  if (!session.leaks) return { leaks: [], tainted: undefined };
  return {
    leaks: [...(await session.leaks.check(session.leakRun)), ...(await session.leftovers())],
    tainted: undefined,
  };
}

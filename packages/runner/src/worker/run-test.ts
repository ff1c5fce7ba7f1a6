import { isChaosError, type Attempt } from '@chaos/spec';
import { retryWhenOf, suitesOf, type HookNode, type SuiteNode, type TestNode } from '../declare/suite.js';
import { parameterNames } from '../fixtures/parameters.js';
import { closure } from '../fixtures/pool.js';
import { Scope } from '../fixtures/scope.js';
import { attemptFolder } from '../attempt-folder.js';
import { setCurrentTest } from '../info/current-test.js';
import { AbortTest, Inconclusive, provesNothing, SkipTest } from '../info/outcome-errors.js';
import { TestInfo } from '../info/test-info.js';
import type { Leak, LoadedTest, TestOrder } from '../ipc/messages.js';
import { monotonicMs, nextTurn, wallMs } from '../real-time.js';
import { serializeError } from '../serialize-error.js';
import { Clock, PhaseTimeout, timeSlot } from './clock.js';
import { explainTimeout } from './explain-timeout.js';
import { fixtureClock, workerTeardownClock } from './fixture-clock.js';
import { closeSuites, openSuites } from './hooks-all.js';
import { Injector } from './injector.js';
import { Interrupted } from './interrupted.js';
import { poolOfTest } from './describe-tests.js';
import { isRetried } from './is-retried.js';
import { workerInfo } from './worker-info.js';
import { setRunning, type Running } from './running.js';
import type { Session } from './session.js';
import { isA } from './thrown.js';
import { UnhealedFault } from './unhealed-fault.js';

/** What became of one attempt. */
export interface TestReport {
  readonly attempt: Attempt;
  readonly expectedStatus: LoadedTest['expectedStatus'];
  readonly retriable: boolean;
  /** What it has left behind. */
  readonly leaks: readonly Leak[];
  /** Why this worker cannot be used any more. */
  readonly tainted: string | undefined;
}

/**
 * What comes next: another try of the test (of its whole group, if that is serial), a second run of it because it
 * leaked, or something else.
 */
export type Next = 'retry' | 'trace' | 'other';

const GRACE_MS = 500;
/**
 * Runs one attempt: suites opened, hooks, fixtures, body, healing, teardown; `leave` names the suites that end with it.
 */
export async function runTest(
  session: Session,
  node: TestNode,
  test: LoadedTest,
  order: TestOrder,
  leave: (suite: SuiteNode, next: Next) => boolean,
): Promise<TestReport> {
  const { init, channel } = session;
  const clock = new Clock((late) => explainTimeout(late, init.config.rootDir));
  const slot = timeSlot(order.timeoutMs);
  const startMs = wallMs();
  const start = monotonicMs();
  const injector = new Injector({
    enabled: init.faults,
    journal: () => session.ledger,
    signal: () => clock.signal,
    onChange: (name, active) =>
      session.tracing ||
      channel.notify('fault', { testId: order.testId, retry: order.retry, name, timeMs: wallMs(), active }),
  });
  const info = new TestInfo({
    testId: order.testId,
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
    outputDir: attemptFolder(session.outputDir, order.testId, order.retry) + (session.tracing ? '-traced' : ''),
    seed: init.config.runner.seed,
    variant: init.variant,
    config: session.config,
    argv: init.argv,
    version: init.version,
    use: (project) => session.projectUse(project)?.fixtures ?? {},
    fn: node.body,
    onTimeoutChange: (timeoutMs) => {
      // A beforeAll hook, or a fixture with a time-out of its own, changes that.
      if ((Clock.underWay ?? clock).setBudget(timeoutMs, slot) !== slot) return false;
      if (!session.tracing) channel.notify('timeoutChange', { testId: order.testId, timeoutMs });
      return true;
    },
    // An afterAll hook has a clock of its own.
    signal: () => (Clock.underWay ?? clock).signal,
    inject: (fault) => injector.inject(fault),
    journal: () => session.ledger,
    fail: (error) => fail(error),
  });
  info.expectedStatus = test.expectedStatus;
  let inconclusive: string | undefined;
  let failed = false;
  let retriable = true;
  let last: unknown;
  const fail = (error: unknown): void => {
    // What nobody caught may come by two ways.
    if (failed && typeof error === 'object' && error === last) return;
    last = error;
    if (isA(error, SkipTest)) {
      if (!failed) info.status = 'skipped';
      return;
    }
    // A fault that was out of force for a while: whether the test passed or failed says nothing, but wrong data stay
    // wrong.
    const lapsed = provesNothing(error) && !info.errors.some(({ invariant }) => invariant === true);
    if ((isA(error, Inconclusive) && !failed) || lapsed) {
      inconclusive = isA(error, Inconclusive) ? error.reason : error.message;
      info.status = 'skipped';
      info.expectedStatus = 'skipped';
      info.annotations.push({ type: 'inconclusive', description: inconclusive });
      failed = false;
      return;
    }
    if (isChaosError(error, 'CAPABILITY_MISSING') && !failed) {
      info.status = 'skipped';
      info.expectedStatus = 'skipped';
      info.annotations.push({
        type: 'requires',
        description: error.hint === undefined ? error.message : `${error.message} (${error.hint})`,
      });
      return;
    }
    if (!failed)
      info.status = isA(error, PhaseTimeout) ? 'timedOut' : isA(error, Interrupted) ? 'interrupted' : 'failed';
    const data = serializeError(error);
    info.errors.push(data);
    // A test that misuses what it is given does so again.
    if (data.invariant === true || data.code === 'USAGE' || isA(error, AbortTest)) retriable = false;
    else if (!failed) retriable = isRetried(error, retryWhenOf(node) ?? session.retryWhen(order.project), info);
    failed = true;
  };
  const scope = new Scope('test', session.workerScope);
  const self: Running = {
    session,
    node,
    pool: poolOfTest(node, session.projectUse(order.project)),
    info,
    clock,
    scope,
    injector,
    fail,
  };
  setRunning(self);
  setCurrentTest(info);
  const attemptPhase = async (phase: () => Promise<void>): Promise<boolean> => {
    try {
      await phase();
      return true;
    } catch (error) {
      fail(error);
      return false;
    }
  };
  const around = new Set(suitesOf(node));
  const { isNew, isOtherProject } = session.enter(order);
  const tell = (error: unknown): void => channel.notify('error', { error: serializeError(error) });
  await closeSuites(session, (suite) => isNew || !around.has(suite), tell);
  if (isOtherProject)
    (await session.workerScope.tearDown(workerTeardownClock(session.config.runner.testTimeoutMs))).forEach(tell);
  const opened = await attemptPhase(() => openSuites(self, order.timeoutMs));
  if (opened) {
    await attemptPhase(async () => {
      await applyModifiers(self, slot);
      for (const suite of suitesOf(node))
        for (const hook of suite.hooks) if (hook.type === 'beforeEach') await runHook(self, hook, slot);
      await setUp(self, parameterNames(node.body, node.location), slot);
      const values = scope.values(parameterNames(node.body, node.location), self.pool);
      await clock.run(
        { name: 'body', slot, onTimeout: (ms) => `Test timeout of ${ms}ms exceeded.` },
        async () => void (await node.body(values, info)),
      );
    });
  }
  info.duration = monotonicMs() - start;
  clock.beginTeardown();
  const after = timeSlot(order.timeoutMs && Math.max(order.timeoutMs, init.config.runner.testTimeoutMs));
  if (opened) {
    for (const suite of [...suitesOf(node)].reverse()) {
      for (const hook of suite.hooks)
        if (hook.type === 'afterEach') await attemptPhase(() => runHook(self, hook, after));
    }
  }
  if (injector.active) {
    await attemptPhase(() =>
      clock.run(
        { name: 'heal', slot: after, onTimeout: (ms) => `Healing exceeded the test timeout of ${ms}ms.` },
        async () => (await injector.healAll()).forEach(fail),
      ),
    );
  }
  for (const error of await scope.tearDown(fixtureClock(self, after))) fail(error);
  // Rejections that nobody handles are told of at the end of the turn: until then they belong to this test.
  await new Promise<void>(nextTurn);
  const unhealed = session.takeUnhealed();
  for (const what of unhealed) fail(new UnhealedFault(what));
  const settled = await clock.settle(GRACE_MS);
  const leaks =
    settled && unhealed.length === 0 && session.leaks
      ? [...(await session.leaks.check(session.tracing)), ...(await session.leftovers())]
      : [];
  const next = failed && retriable && order.retryNext ? 'retry' : leaks.length > 0 ? 'trace' : 'other';
  await closeSuites(session, (suite) => leave(suite, next), fail);
  if (info.status === 'passed' && info.expectedStatus === 'failed')
    info.errors.push({ message: 'Expected to fail, but passed.' });
  setRunning(undefined);
  setCurrentTest(undefined);
  const attempt: Attempt = {
    testId: order.testId,
    retry: order.retry,
    status: info.status,
    startMs,
    durationMs: monotonicMs() - start,
    workerIndex: init.workerIndex,
    parallelIndex: init.parallelIndex,
    seed: init.config.runner.seed,
    errors: info.errors,
    steps: info.steps,
    attachments: info.attachments,
    annotations: info.annotations,
    stdout: [],
    stderr: [],
    phases: clock.phases,
    faults: injector.windows,
    recoveries: info.recoveries,
    ...(inconclusive !== undefined && { inconclusive }),
  };
  return {
    attempt,
    expectedStatus: info.expectedStatus,
    retriable,
    leaks,
    tainted: !settled
      ? `"${test.title}" went on after its end`
      : unhealed.length > 0
        ? `"${test.title}" left a fault in force`
        : undefined,
  };
}

/** Sets up the fixtures that a function names, under the test's budget. */
export async function setUp(
  run: Running,
  names: readonly string[],
  slot: { budgetMs: number; elapsedMs: number },
): Promise<void> {
  const fixtures = closure(names, run.pool, run.node.location);
  const { session, pool, info, scope } = run;
  const outdated = session.workerScope.outdated(fixtures.filter((fixture) => fixture.scope === 'worker'));
  if (outdated.size > 0)
    for (const error of await session.workerScope.tearDown(fixtureClock(run, slot), (fixture) => outdated.has(fixture)))
      run.fail(error);
  const setUpWorker = (): Promise<void> =>
    session.workerScope.setUp(fixtures, pool, workerInfo(run), session.handle, fixtureClock(run, slot));
  if (fixtures.some((fixture) => fixture.scope === 'worker' && !session.workerScope.has(fixture)))
    await session.adopt(setUpWorker);
  else await setUpWorker();
  await scope.setUp(fixtures, pool, info, session.handle, fixtureClock(run, slot));
}

/** Runs a beforeEach or afterEach hook. */
export async function runHook(
  run: Running,
  hook: HookNode,
  slot: { budgetMs: number; elapsedMs: number },
): Promise<void> {
  const names = parameterNames(hook.body, hook.location);
  await setUp(run, names, slot);
  const values = run.scope.values(names, run.pool);
  await run.clock.run(
    {
      name: hook.type,
      slot,
      onTimeout: (ms) => `Test timeout of ${ms}ms exceeded while running "${hook.type}" hook.`,
      of: hook,
    },
    async () => void (await hook.body(values, run.info)),
  );
}

async function applyModifiers(run: Running, slot: { budgetMs: number; elapsedMs: number }): Promise<void> {
  for (const modifier of suitesOf(run.node).flatMap((suite) => suite.modifiers)) {
    if (!modifier.condition) continue;
    const names = parameterNames(modifier.condition, modifier.location);
    await setUp(run, names, slot);
    const values = run.scope.values(names, run.pool);
    const onTimeout = (ms: number): string => `"${modifier.type}" modifier timeout of ${ms}ms exceeded.`;
    const { condition } = modifier;
    const applies = await run.clock.run({ name: 'modifiers', slot, onTimeout }, async () =>
      Boolean(await condition(values, run.info)),
    );
    run.info[modifier.type](applies, modifier.description);
  }
}

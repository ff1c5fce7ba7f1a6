import { checkRan } from '@chaos/spec';
import { suitesOf, type HookNode, type SuiteNode, type TestNode } from '../declare/suite.js';
import { parameterNames } from '../fixtures/parameters.js';
import { closure } from '../fixtures/pool.js';
import { Scope } from '../fixtures/scope.js';
import { currentTestIfAny, setCurrentTest } from '../info/current-test.js';
import { StartedList } from '../info/started.js';
import type { TestInfo } from '../info/test-info.js';
import { inContext } from '../info/test-context.js';
import { nextTurn } from '../real-time.js';
import { Clock, timeBudget } from './time/clock.js';
import { explainTimeout } from './attempt/whereabouts/explain-timeout.js';
import { fixtureClock } from './attempt/stages/fixture-clock.js';
import { openedSuites, type OpenSuite, type Running } from './attempt/running.js';
import type { Session } from './session.js';
import { hookStage } from './attempt/stages/stages.js';
import { workerInfo } from './worker-info.js';
import { applies, isOfSuite } from './attempt/stages/conditions.js';

/**
 * Opens the suites around a test that are not open yet, outermost first: evaluates those of its conditions that need no
 * fixture of a test, and runs its beforeAll hooks unless a condition skips the test. A suite that failed is opened
 * again.
 */
export async function openSuites(run: Running, budgetMs: number): Promise<void> {
  const suites = suitesOf(run.node);
  const broken = suites.findIndex(isBroken);
  if (broken >= 0) await closeSuites(run.session, (suite) => suites.indexOf(suite) >= broken, run.failSuite);
  for (const suite of suites) {
    const entry = entryOf(suite) ?? (await evaluate(run, suite, budgetMs));
    // It skipped itself, or could prove nothing: that holds for all of its tests.
    if (entry.failure !== undefined) return Promise.reject(entry.failure);
    for (const { type, description } of entry.modifiers) run.info[type](true, description);
    if (entry.hasBegun) continue;
    entry.hasBegun = true;
    await orFail(entry, () => runBeforeAll(run, suite, budgetMs));
  }
}

// All of a suite's hooks run, though one failed: what they set up may not depend on each other.
async function runBeforeAll(run: Running, suite: SuiteNode, budgetMs: number): Promise<void> {
  for (const hook of suite.hooks) {
    if (hook.type !== 'beforeAll') continue;
    try {
      await run.session.adopt(() => runHookAll(run, hook, budgetMs));
    } catch (error) {
      run.failSuite(error);
      if (!run.verdict.failed) throw error;
    }
  }
  if (run.verdict.failed) throw run.verdict.first;
}

/** True if a suite around the test could not be opened, and nothing tries that again for this test. */
export function isShut(node: TestNode): boolean {
  return suitesOf(node).some(isBroken);
}

function isBroken(suite: SuiteNode): boolean {
  const entry = entryOf(suite);
  return entry?.failure !== undefined && entry.openedBy.verdict.failed;
}

function entryOf(suite: SuiteNode): OpenSuite | undefined {
  return openedSuites.find((candidate) => candidate.suite === suite);
}

async function evaluate(run: Running, suite: SuiteNode, budgetMs: number): Promise<OpenSuite> {
  const entry: OpenSuite = { suite, openedBy: run, modifiers: [], hasBegun: false, failure: undefined };
  openedSuites.push(entry);
  const budget = timeBudget(budgetMs);
  for (const modifier of suite.modifiers)
    if (isOfSuite(modifier, run.pool) && (await orFail(entry, () => applies(run, modifier, budget))))
      entry.modifiers.push(modifier);
  return entry;
}

async function orFail<T>(entry: OpenSuite, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    entry.failure = error;
    throw error;
  }
}

/**
 * Runs the afterAll hooks of open suites that end, innermost first; errors go to `fail`. The hooks see the last test,
 * `info`, or without one the test that opened the suite.
 */
export async function closeSuites(
  session: Session,
  leave: (suite: SuiteNode) => boolean,
  fail: (error: unknown) => void,
  info?: TestInfo,
): Promise<void> {
  for (const entry of [...openedSuites].reverse()) {
    if (!leave(entry.suite)) continue;
    openedSuites.splice(openedSuites.indexOf(entry), 1);
    // The clock of the test that opened the suite has stopped, so use another one.
    const clock = new Clock((late) => explainTimeout(late, session.init.config.rootDir));
    clock.beginTeardown();
    // Another test may have opened the suite, and that list is closed.
    const started = new StartedList();
    const run: Running = { ...entry.openedBy, ...(info && { info }), clock, fail, started };
    const before = currentTestIfAny();
    setCurrentTest(run.info);
    for (const hook of entry.suite.hooks) {
      if (hook.type !== 'afterAll') continue;
      try {
        await session.adopt(() =>
          runHookAll(run, hook, Math.round(session.config.runner.testTimeoutMs * session.config.deadlineFactor)),
        );
      } catch (error) {
        fail(error);
      }
    }
    await endStarted(entry, started, fail);
    setCurrentTest(before);
  }
}

// What a beforeAll hook started may run until the last suite that its test opened has ended.
async function endStarted(
  { openedBy }: OpenSuite,
  afterAll: StartedList,
  fail: (error: unknown) => void,
): Promise<void> {
  const isLast = !openedSuites.some((other) => other.openedBy.started === openedBy.started);
  const before = isLast ? openedBy.started : undefined;
  if (before !== undefined && before.unsettled('suite').length > 0) await new Promise<void>(nextTurn);
  before?.notAwaited('suite').forEach(fail);
  await afterAll.close('suite', fail);
  afterAll.end();
}

// Test-scoped fixtures that such a hook names live as long as the hook.
function runHookAll(run: Running, hook: HookNode, budgetMs: number): Promise<void> {
  const { info, started } = run;
  return inContext({ info, started, in: 'suite' }, () => hookStage(info, hook, () => runInSuite(run, hook, budgetMs)));
}

async function runInSuite(run: Running, hook: HookNode, budgetMs: number): Promise<void> {
  const budget = timeBudget(budgetMs);
  const names = parameterNames(hook.body, hook.location);
  const fixtures = closure(names, run.pool, hook.location);
  const { session, pool, info, clock } = run;
  const scope = new Scope('test', session.workerScope);
  const live = fixtureClock(run, budget);
  await session.workerScope.setUp(fixtures, pool, workerInfo(run), session.handle, live);
  try {
    // Most automatic test fixtures are for tests only; a hook gets those it names.
    const auto = pool.auto.filter((fixture) => fixture.auto === 'all-hooks-included');
    const wanted = new Set(closure(names, { fixtures: pool.fixtures, auto }, hook.location));
    await scope.setUp(
      fixtures.filter((fixture) => wanted.has(fixture)),
      pool,
      info,
      session.handle,
      live,
    );
    await clock.run(
      { name: hook.type, budget, onTimeout: (ms) => `"${hook.type}" hook timeout of ${ms}ms exceeded.`, of: hook },
      async () => checkRan(`Cannot run the hook "${hook.title}"`, await hook.body(scope.values(names, pool), info)),
    );
  } finally {
    await scope.tearDown(live, run.fail);
  }
}

import { suitesOf, type HookNode, type SuiteNode } from '../declare/suite.js';
import { parameterNames } from '../fixtures/parameters.js';
import { closure } from '../fixtures/pool.js';
import { Scope } from '../fixtures/scope.js';
import { currentTestIfAny, setCurrentTest } from '../info/current-test.js';
import { StartedList } from '../info/started.js';
import { inContext } from '../info/test-context.js';
import { nextTurn } from '../real-time.js';
import { Clock, timeBudget } from './time/clock.js';
import { explainTimeout } from './time/explain-timeout.js';
import { fixtureClock } from './time/fixture-clock.js';
import { openedSuites, type OpenSuite, type Running } from './attempt/running.js';
import type { Session } from './session.js';
import { workerInfo } from './worker-info.js';

/**
 * Runs the beforeAll hooks of suites around a test that are not open yet. A suite whose beforeAll failed stays failed
 * until a retry.
 */
export async function openSuites(run: Running, budgetMs: number): Promise<void> {
  for (const suite of suitesOf(run.node)) {
    let entry = openedSuites.find((candidate) => candidate.suite === suite);
    if (entry && (entry.failure === undefined || run.info.retry === 0)) {
      if (entry.failure !== undefined) return Promise.reject(entry.failure);
      continue;
    }
    if (entry) openedSuites.splice(openedSuites.indexOf(entry), 1);
    entry = { suite, openedBy: run, failure: undefined };
    openedSuites.push(entry);
    for (const hook of suite.hooks) {
      if (hook.type !== 'beforeAll') continue;
      try {
        await run.session.adopt(() => runHookAll(run, hook, budgetMs));
      } catch (error) {
        entry.failure = error;
        throw error;
      }
    }
  }
}

/** Runs the afterAll hooks of open suites that end, innermost first; errors go to `fail`. */
export async function closeSuites(
  session: Session,
  leave: (suite: SuiteNode) => boolean,
  fail: (error: unknown) => void,
): Promise<void> {
  for (const entry of [...openedSuites].reverse()) {
    if (!leave(entry.suite)) continue;
    openedSuites.splice(openedSuites.indexOf(entry), 1);
    // The clock of the test that opened the suite has stopped, so use another one.
    const clock = new Clock((late) => explainTimeout(late, session.init.config.rootDir));
    clock.beginTeardown();
    // Another test may have opened the suite, and that list is closed.
    const started = new StartedList(entry.openedBy.info.file);
    const run: Running = { ...entry.openedBy, clock, fail, started };
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
  const lists = isLast ? [openedBy.started, afterAll] : [afterAll];
  // Unhandled rejections are reported at the end of the turn, and work that needs only this turn has ended in time.
  if (lists.some((list) => list.unsettled('suite').length > 0) || afterAll.hasStarted)
    await new Promise<void>(nextTurn);
  for (const list of lists) list.notAwaited('suite').forEach(fail);
  afterAll.takeRejected().forEach(fail);
  afterAll.end();
}

// Test-scoped fixtures that such a hook names live as long as the hook.
function runHookAll(run: Running, hook: HookNode, budgetMs: number): Promise<void> {
  const { info, started } = run;
  return inContext({ info, started, in: 'suite' }, () => runInSuite(run, hook, budgetMs));
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
      async () => void (await hook.body(scope.values(names, pool), info)),
    );
  } finally {
    for (const error of await scope.tearDown(live)) run.fail(error);
  }
}

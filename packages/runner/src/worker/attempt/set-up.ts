import { parameterNames } from '../../fixtures/parameters.js';
import { closure } from '../../fixtures/pool.js';
import { suitesOf, type HookNode } from '../../declare/suite.js';
import type { TimeBudget } from '../time/clock.js';
import { fixtureClock } from '../time/fixture-clock.js';
import type { Running } from './running.js';
import { workerInfo } from '../worker-info.js';

/** Sets up the fixtures that a function names, under the test's budget. */
export async function setUp(run: Running, names: readonly string[], budget: TimeBudget): Promise<void> {
  const fixtures = closure(names, run.pool, run.node.location);
  const { session, pool, info, scope } = run;
  const outdated = session.workerScope.outdated(fixtures.filter((fixture) => fixture.scope === 'worker'));
  if (outdated.size > 0)
    for (const error of await session.workerScope.tearDown(fixtureClock(run, budget), (fixture) =>
      outdated.has(fixture),
    ))
      run.fail(error);
  const setUpWorker = (): Promise<void> =>
    session.workerScope.setUp(fixtures, pool, workerInfo(run), session.handle, fixtureClock(run, budget));
  if (fixtures.some((fixture) => fixture.scope === 'worker' && !session.workerScope.has(fixture)))
    await session.adopt(setUpWorker);
  else await setUpWorker();
  await scope.setUp(fixtures, pool, info, session.handle, fixtureClock(run, budget));
}

/** Runs a beforeEach or afterEach hook. */
export async function runHook(run: Running, hook: HookNode, budget: TimeBudget): Promise<void> {
  const names = parameterNames(hook.body, hook.location);
  await setUp(run, names, budget);
  const values = run.scope.values(names, run.pool);
  await run.clock.run(
    {
      name: hook.type,
      budget,
      onTimeout: (ms) => `Test timeout of ${ms}ms exceeded while running "${hook.type}" hook.`,
      of: hook,
    },
    async () => void (await hook.body(values, run.info)),
  );
}

/** Evaluates the conditions of `skip`, `fixme`, `fail` and `slow` around the test. */
export async function applyModifiers(run: Running, budget: TimeBudget): Promise<void> {
  for (const modifier of suitesOf(run.node).flatMap((suite) => suite.modifiers)) {
    if (!modifier.condition) continue;
    const names = parameterNames(modifier.condition, modifier.location);
    await setUp(run, names, budget);
    const values = run.scope.values(names, run.pool);
    const onTimeout = (ms: number): string => `"${modifier.type}" modifier timeout of ${ms}ms exceeded.`;
    const { condition } = modifier;
    const applies = await run.clock.run({ name: 'modifiers', budget, onTimeout }, async () =>
      Boolean(await condition(values, run.info)),
    );
    run.info[modifier.type](applies, modifier.description);
  }
}

import { checkRan } from '@chaos/spec';
import { parameterNames } from '../../../fixtures/parameters.js';
import { closure } from '../../../fixtures/pool.js';
import type { HookNode } from '../../../declare/suite.js';
import type { TimeBudget } from '../../time/clock.js';
import { fixtureClock } from './fixture-clock.js';
import type { Running } from '../running.js';
import { hookStage } from './stages.js';
import { workerInfo } from '../../worker-info.js';

/** Sets up the fixtures that a function names, under the test's budget. */
export async function setUp(run: Running, names: readonly string[], budget: TimeBudget): Promise<void> {
  const fixtures = closure(names, run.pool, run.node.location);
  const { session, pool, info, scope } = run;
  const outdated = session.workerScope.outdated(fixtures.filter((fixture) => fixture.scope === 'worker'));
  if (outdated.size > 0)
    await session.workerScope.tearDown(fixtureClock(run, budget), run.fail, (fixture) => outdated.has(fixture));
  const setUpWorker = (): Promise<void> =>
    session.workerScope.setUp(fixtures, pool, workerInfo(run), session.handle, fixtureClock(run, budget));
  if (fixtures.some((fixture) => fixture.scope === 'worker' && !session.workerScope.has(fixture)))
    await session.adopt(setUpWorker);
  else await setUpWorker();
  await scope.setUp(fixtures, pool, info, session.handle, fixtureClock(run, budget));
}

/** Runs a beforeEach or afterEach hook. */
export function runHook(run: Running, hook: HookNode, budget: TimeBudget): Promise<void> {
  return hookStage(run.info, hook, () => runWithFixtures(run, hook, budget));
}

async function runWithFixtures(run: Running, hook: HookNode, budget: TimeBudget): Promise<void> {
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
    async () => checkRan(`Cannot run the hook "${hook.title}"`, await hook.body(values, run.info)),
  );
}

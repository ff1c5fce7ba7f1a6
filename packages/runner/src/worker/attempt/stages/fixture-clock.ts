import type { Fixture } from '../../../fixtures/fixture.js';
import type { FixtureClock } from '../../../fixtures/scope.js';
import { inContext, inPart, testContext, type TestContext } from '../../../info/test-context.js';
import { Clock, timeBudget, type TimeBudget } from '../../time/clock.js';
import type { Running } from '../running.js';
import { fixtureStage } from './stages.js';

/**
 * Fixtures use the test's budget, unless they have their own. A worker fixture has one of the same length for itself.
 */
export function fixtureClock(run: Running, shared: TimeBudget): FixtureClock {
  return (fixture, step, body) => {
    const own = fixture.timeoutMs ?? (fixture.scope === 'worker' ? shared.budgetMs : undefined);
    const onTimeout = (ms: number): string => {
      if (own !== undefined) return `Fixture "${fixture.title}" timeout of ${ms}ms exceeded during ${step}.`;
      return step === 'setup'
        ? `Test timeout of ${ms}ms exceeded while setting up "${fixture.title}".`
        : `Tearing down "${fixture.title}" exceeded the test timeout of ${ms}ms.`;
    };
    const budget = own === undefined ? shared : timeBudget(own);
    // Messages do not name a boxed fixture.
    const name = `${step === 'setup' ? 'fixture' : 'teardown'} ${fixture.box ? '(boxed)' : fixture.title}`;
    return fixtureStage(run.info, fixture, () =>
      run.clock.run({ name, budget, onTimeout, ...(!fixture.box && { of: fixture }) }, () =>
        // A worker fixture outlives the test, so its work does not belong to the test.
        fixture.scope === 'worker'
          ? inContext({ info: nameOf(fixture), started: run.session.workerStarted, in: 'worker' }, body)
          : inPart(testContext()?.in === 'suite' ? 'suite' : 'fixture', body),
      ),
    );
  };
}

// For errors that come late.
function nameOf({ title, location }: Fixture): TestContext['info'] {
  return { title: `worker fixture "${title}"`, ...location };
}

/** Tears down worker fixtures one after the other, each within its own budget, so one that hangs blocks no other. */
export function workerTeardownClock(budgetMs: number): FixtureClock {
  return (fixture, step, body) => {
    const onTimeout = (ms: number): string =>
      `Worker teardown timeout of ${ms}ms exceeded while tearing down "${fixture.title}".`;
    return new Clock().run(
      { name: `${step} ${fixture.title}`, budget: timeBudget(fixture.timeoutMs ?? budgetMs), onTimeout, of: fixture },
      body,
    );
  };
}

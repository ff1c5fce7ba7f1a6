import type { FixtureClock } from '../fixtures/scope.js';
import { inContext, inPart, testContext } from '../info/test-context.js';
import { Clock, timeSlot, type TimeSlot } from './clock.js';
import type { Running } from './running.js';

/** Fixtures run under the test's budget, unless they have one of their own. */
export function fixtureClock(run: Running, shared: TimeSlot): FixtureClock {
  return (fixture, step, body) => {
    const own = fixture.timeoutMs;
    const onTimeout = (ms: number): string => {
      if (own !== undefined) return `Fixture "${fixture.title}" timeout of ${ms}ms exceeded during ${step}.`;
      return step === 'setup'
        ? `Test timeout of ${ms}ms exceeded while setting up "${fixture.title}".`
        : `Tearing down "${fixture.title}" exceeded the test timeout of ${ms}ms.`;
    };
    const slot = own === undefined ? shared : timeSlot(own);
    // A boxed fixture is not told by name.
    const name = `${step === 'setup' ? 'fixture' : 'teardown'} ${fixture.box ? '(boxed)' : fixture.title}`;
    return run.clock.run({ name, slot, onTimeout, ...(!fixture.box && { of: fixture }) }, () =>
      // A worker fixture outlives the test: what it starts is not the test's.
      fixture.scope === 'worker'
        ? inContext(undefined, body)
        : inPart(testContext()?.in === 'suite' ? 'suite' : 'fixture', body),
    );
  };
}

/**
 * Worker fixtures come to their end one after the other, each within a budget of its own: one that hangs keeps no other
 * from it.
 */
export function workerTeardownClock(budgetMs: number): FixtureClock {
  return (fixture, step, body) => {
    const onTimeout = (ms: number): string =>
      `Worker teardown timeout of ${ms}ms exceeded while tearing down "${fixture.title}".`;
    return new Clock().run(
      { name: `${step} ${fixture.title}`, slot: timeSlot(fixture.timeoutMs ?? budgetMs), onTimeout, of: fixture },
      body,
    );
  };
}

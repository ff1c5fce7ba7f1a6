import type { FixtureClock } from '../fixtures/scope.js';
import { timeSlot, type TimeSlot } from './clock.js';
import type { Running } from './running.js';

/** Fixtures run under the test's budget, unless they have one of their own. */
export function fixtureClock(run: Running, shared: TimeSlot): FixtureClock {
  return (fixture, step, body) => {
    const own = fixture.timeoutMs;
    const onTimeout = (ms: number): string => {
      if (own !== undefined) return `Fixture "${fixture.title}" timeout of ${ms}ms exceeded during ${step}.`;
      return step === 'setup' ? `Test timeout of ${ms}ms exceeded while setting up "${fixture.title}".` : `Tearing down "${fixture.title}" exceeded the test timeout of ${ms}ms.`;
    };
    const slot = own === undefined ? shared : timeSlot(own);
    return run.clock.run({ name: step === 'setup' ? `fixture ${fixture.title}` : `teardown ${fixture.title}`, slot, onTimeout }, body);
  };
}

import { ChaosError, type Incident } from '@chaos/spec';
import type { TimeBudget } from '../../time/clock.js';
import { describeIncident } from '../../../data/errors/describe-incident.js';
import type { Running } from '../running.js';

/**
 * Fails a test for what happened to its slot while it ran that nobody asked for, such as the end of the target. Says
 * which faults were in force then.
 */
export async function tellIncidents(run: Running, budget: TimeBudget): Promise<void> {
  const { session, info, clock, injector, fail } = run;
  // In a leak run nobody reads what a test says: they are told before the next test.
  if (session.leakRun || !session.hasIncidents) return;
  const onTimeout = (ms: number): string =>
    `The slot did not say within the test timeout of ${ms}ms what became of its target.`;
  const incidents = await clock.run({ name: 'incidents', budget, onTimeout }, () => session.incidents(clock.signal));
  for (const incident of incidents) {
    const during = injector.windows.filter(
      ({ startMs, endMs = Infinity }) => startMs <= incident.atMs && incident.atMs <= endMs,
    );
    const told = describeIncident(
      incident,
      during.map(({ name }) => name),
    );
    info.annotations.push({ type: 'incident', description: told });
    fail(errorOf(incident, told));
  }
}

function errorOf({ code, hint, ...data }: Incident, message: string): ChaosError {
  const error = new ChaosError(code, message, { hint, data });
  // Drop the stack: the place where we noticed it does not help.
  error.stack = `${error.name}: ${message}`;
  return error;
}

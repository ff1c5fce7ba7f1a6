import { END_MS, type Ending } from '../signals/ending.js';
import type { Execution } from './execution.js';
import type { Plan } from './loading/load-plan.js';

/** Runs the plan. Tests that a signal interrupts but that do not end in time are killed and reported as lost. */
export async function runInTime(execution: Execution, plan: Plan, ending: Ending): Promise<void> {
  let over = false;
  const ran = execution.run(plan).finally(() => (over = true));
  await ending.within('What was interrupted', END_MS.tests, () => ran);
  if (over) return;
  execution.workers.kill();
  await ending.within('The loss of the workers', END_MS.tests + 500, () => ran);
}

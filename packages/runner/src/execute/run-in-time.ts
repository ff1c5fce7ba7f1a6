import { END_MS, type Ending } from '../signals/ending.js';
import type { Execution } from './execution.js';
import type { Plan } from './load-plan.js';

/** Runs what is planned. What a signal interrupts and does not end in time is killed, and told of as lost. */
export async function runInTime(execution: Execution, plan: Plan, ending: Ending): Promise<void> {
  let over = false;
  const ran = execution.run(plan).finally(() => (over = true));
  await ending.within('What was interrupted', END_MS.tests, () => ran);
  if (over) return;
  execution.workers.kill();
  await ending.within('The loss of the workers', END_MS.tests + 500, () => ran);
}

import { appendFileSync } from 'node:fs';

/** Prints the totals of a stage, passes them to `.ci/run` if it asks for them, and sets the exit code. */
export function closeStage(stage, passed, failed) {
  console.log(`${stage}: ${passed} passed, ${failed} failed`);
  if (process.env.STAGE_TOTALS_FILE)
    appendFileSync(process.env.STAGE_TOTALS_FILE, `${JSON.stringify({ stage, passed, failed })}\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

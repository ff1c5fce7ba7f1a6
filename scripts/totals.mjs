import { appendFileSync } from 'node:fs';

/** Prints what a stage came to, hands it to `.ci/run` where that asks for it, and sets the exit code. */
export function closeStage(stage, passed, failed) {
  console.log(`${stage}: ${passed} passed, ${failed} failed`);
  if (process.env.STAGE_TOTALS_FILE)
    appendFileSync(process.env.STAGE_TOTALS_FILE, `${JSON.stringify({ stage, passed, failed })}\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

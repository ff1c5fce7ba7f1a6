import { appendFileSync } from 'node:fs';

/**
 * Prints the totals of a stage, passes them to `.ci/run` if it asks for them, and sets the exit code.
 *
 * @param {string} stage
 * @param {number} passed
 * @param {readonly string[]} failures Names of what failed, one a failure.
 */
export function closeStage(stage, passed, failures) {
  const failed = failures.length;
  console.log(`${stage}: ${passed} passed, ${failed} failed`);
  if (process.env.STAGE_TOTALS_FILE)
    appendFileSync(process.env.STAGE_TOTALS_FILE, `${JSON.stringify({ stage, passed, failed, failures })}\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

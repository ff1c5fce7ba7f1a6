import { nearest } from '@chaos/spec';

/** Every `CHAOS_*` variable that our code reads. */
const KNOWN = [
  'CHAOS_BLOB_OUTPUT_DIR',
  'CHAOS_BLOB_OUTPUT_FILE',
  'CHAOS_BLOB_OUTPUT_NAME',
  'CHAOS_CACHE_DIR',
  'CHAOS_ENVIRONMENT',
  'CHAOS_FLEET',
  'CHAOS_FLEET_KEY',
  'CHAOS_JSON_OUTPUT_DIR',
  'CHAOS_JSON_OUTPUT_FILE',
  'CHAOS_JSON_OUTPUT_NAME',
  'CHAOS_JUNIT_OUTPUT_DIR',
  'CHAOS_JUNIT_OUTPUT_FILE',
  'CHAOS_JUNIT_OUTPUT_NAME',
  'CHAOS_LAST_RUN_OUTPUT_FILE',
  'CHAOS_LOAD_MULTIPLIER',
  'CHAOS_POOL_SIZE',
  'CHAOS_REPORTER',
  'CHAOS_REQUIRE_NETEM',
  'CHAOS_RUN_ID',
  'CHAOS_SEED',
  'CHAOS_SERVICE_ID',
  'CHAOS_TIMEOUT',
  'CHAOS_WORKERS',
];

/** A line for each `CHAOS_*` variable that our code does not read: a typo, or a variable of the target. */
export function unknownVariables(env: NodeJS.ProcessEnv): readonly string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('CHAOS_') && !KNOWN.includes(name) && env[name]?.trim() !== '')
    .map((name) => {
      const meant = nearest(
        name.slice('CHAOS_'.length),
        KNOWN.map((known) => known.slice('CHAOS_'.length)),
      );
      const guess = meant === undefined ? '' : ` Did you mean CHAOS_${meant}?`;
      return `${name} does nothing here: chaos knows no such variable.${guess}`;
    });
}

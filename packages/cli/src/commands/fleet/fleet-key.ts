import { markSecret, UsageError } from '@chaos/spec';

const LEAST_LENGTH = 16;

/** The key that coordinator and agents share. Not a flag: the command line of a process can be read by all users. */
export function fleetKey(env: NodeJS.ProcessEnv): string {
  const key = env['CHAOS_FLEET_KEY']?.trim() ?? '';
  markSecret(key);
  if (key.length >= LEAST_LENGTH) return key;
  throw new UsageError(
    key === ''
      ? 'Cannot use a fleet: CHAOS_FLEET_KEY is not set'
      : `Cannot use a fleet: CHAOS_FLEET_KEY has ${key.length} characters, it must have at least ${LEAST_LENGTH}`,
    { hint: 'The run and its agents share a key that nobody else knows: openssl rand -hex 32' },
  );
}

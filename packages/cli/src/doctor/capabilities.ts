import type { Capabilities } from '@chaos/env';
import type { ServiceConfig } from '@chaos/spec';
import type { Check } from './check.js';
import { findExecutable } from './find-executable.js';
import { checkReachable } from './reachable.js';

/** Whether a Redis can be had: a given one, one on PATH, or Debian's package. */
export async function checkRedis(
  { url }: ServiceConfig,
  capabilities: Capabilities,
  path: string | undefined,
): Promise<Check> {
  const name = 'Redis';
  if (url !== undefined) return checkReachable(name, url);
  const { available, reason } = capabilities['redis-server'];
  if (available) return { name, status: 'ok', detail: reason };
  const apt = ['apt-get', 'dpkg-deb'].filter((command) => findExecutable(command, path) === undefined);
  if (apt.length === 0)
    return {
      name,
      status: 'warn',
      detail: `${reason}; the first run downloads Debian's package into its cache`,
      fix: 'To have it offline: apt-get install redis-server',
    };
  return {
    name,
    status: 'warn',
    detail: `${reason}, and there is no ${apt.join(' or ')} to get it with: tests that need it are skipped`,
    fix: 'Install redis-server or valkey-server, or set services.redis.url.',
  };
}

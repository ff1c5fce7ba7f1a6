import type { ServiceCheck } from '@chaos/spec';
import { findExecutable } from '../process/find-executable.js';
import { runCommand } from '../process/run-command.js';

const PROGRAMS = ['redis-server', 'valkey-server'];

/** Whether a Redis can be had: one on `path`, or Debian's package. */
export async function checkRedis({
  path,
  signal,
}: {
  readonly path: string | undefined;
  readonly signal: AbortSignal;
}): Promise<ServiceCheck> {
  const executable = PROGRAMS.map((name) => findExecutable(name, path)).find((file) => file !== undefined);
  if (executable !== undefined) {
    const options = { what: 'ask Redis for its version', cwd: '/', env: { PATH: path }, signal };
    return { status: 'ok', detail: `on PATH: ${(await runCommand([executable, '--version'], options)).trim()}` };
  }
  const none = 'neither redis-server nor valkey-server is on PATH';
  const missing = ['apt-get', 'dpkg-deb'].filter((command) => findExecutable(command, path) === undefined);
  if (missing.length === 0)
    return {
      status: 'warn',
      detail: `${none}; the first run downloads Debian's package into its cache`,
      fix: 'To have it offline: apt-get install redis-server',
    };
  return {
    status: 'warn',
    detail: `${none}, and there is no ${missing.join(' or ')} to get it with: tests that need it are skipped`,
    fix: 'Install redis-server or valkey-server, or set services.redis.url.',
  };
}

import type { ServiceCheck } from '@chaos/spec';
import { findExecutable } from '../run/find-executable.js';
import { runCommand } from '../run/run-command.js';
import type { LocateProgramOptions } from './locate-program.js';

/**
 * Checks, for `chaos doctor`, that {@link locateProgram} would find the program: on the path (with its version), or
 * through apt. Downloads nothing.
 */
export async function checkProgram(
  options: Pick<LocateProgramOptions, 'programs' | 'packages' | 'hint' | 'path' | 'signal'>,
): Promise<ServiceCheck> {
  const { programs, packages, hint, path, signal } = options;
  const executable = programs.map((name) => findExecutable(name, { path })).find((file) => file !== undefined);
  if (executable !== undefined) {
    const asking = { what: `ask ${executable} for its version`, cwd: '/', env: { PATH: path }, signal };
    return { status: 'ok', detail: `on PATH: ${(await runCommand([executable, '--version'], asking)).trim()}` };
  }
  const none = programs.length === 1 ? `${programs[0]} is not on PATH` : `neither ${programs.join(' nor ')} is on PATH`;
  const missing = ['apt-get', 'dpkg-deb'].filter((command) => findExecutable(command, { path }) === undefined);
  return missing.length === 0
    ? {
        status: 'warn',
        detail: `${none}; the first run downloads Debian's package into its cache`,
        fix: `To have it offline: apt-get install ${packages[0]}`,
      }
    : {
        status: 'warn',
        detail: `${none}, and there is no ${missing.join(' or ')} to get it with: tests that need it are skipped`,
        fix: hint,
      };
}

import { runCommand } from '../process/run-command.js';
import type { ServiceAccount } from '../process/service-account.js';
import { withName } from '../process/with-name.js';

/** What {@link setPassword} needs. */
export interface SetPasswordOptions {
  /** Folder with `bin`. */
  readonly installation: string;
  readonly dataDirectory: string;
  readonly account: ServiceAccount | undefined;
  /** Letters and digits. */
  readonly password: string;
  readonly signal: AbortSignal;
}

/**
 * Gives the superuser of a data folder a password, before any server listens. In single-user mode, by its standard
 * input: a command line can be read by every user of the machine.
 */
export async function setPassword(options: SetPasswordOptions): Promise<void> {
  const { installation, dataDirectory, account, password, signal } = options;
  await runCommand([`${installation}/bin/postgres`, '--single', '-D', dataDirectory, 'app'], {
    what: 'set the password of PostgreSQL',
    cwd: dataDirectory,
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
    account,
    within: withName(),
    input: `ALTER ROLE postgres PASSWORD '${password}'\n`,
    signal,
  });
}

import { runCommand, type ServiceAccount } from '@chaos/programs';
import { withName } from '../../process/with-name.js';

/** Options of {@link setPassword}. */
export interface SetPasswordOptions {
  /** Folder with `bin`. */
  readonly installation: string;
  readonly dataDirectory: string;
  readonly account: ServiceAccount | undefined;
  /** Letters and digits only. */
  readonly password: string;
  readonly signal: AbortSignal;
}

/**
 * Sets the superuser's password in a data folder, before any server listens. Uses single-user mode and its standard
 * input, because every user of the machine can read a command line.
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

import { identityOf, type ProcessIdentity } from '@chaos/env/process';
import { checkRange, EnvironmentError } from '@chaos/spec';

/** The process that has this pid now; throws `EnvironmentError` if there is none, `RangeError` for an invalid pid. */
export function processToSignal(pid: number): ProcessIdentity {
  checkRange('pid', pid, { least: 1, whole: true });
  const identity = identityOf(pid);
  if (identity === undefined) throw new EnvironmentError(`Cannot signal process ${pid}: there is none`);
  return identity;
}

import { identityOf, type ProcessIdentity } from '@chaos/env/process';
import { checkRange, EnvironmentError } from '@chaos/spec';

/** The process that has this pid now; `EnvironmentError` where there is none, `RangeError` for what is no pid. */
export function processToSignal(pid: number): ProcessIdentity {
  checkRange('pid', pid, { least: 1, whole: true });
  const identity = identityOf(pid);
  if (identity === undefined) throw new EnvironmentError(`Cannot signal process ${pid}: there is none`);
  return identity;
}

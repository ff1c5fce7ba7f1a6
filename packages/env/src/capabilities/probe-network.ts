import type { Attempt } from './attempt.js';
import { missing, present, type Capability, type CapabilityName } from './capability.js';
import { NAMESPACE_TRIALS, probeNamespace, USER_NAMESPACE } from './namespace-probe.js';
import { readText } from '../read-text.js';
import { tryInNamespace } from './try-in-namespace.js';

/**
 * Tries everything that needs a network namespace, each trial in its own throw-away one, so that nothing outside is
 * touched.
 */
export async function probeNetwork(attempt: Attempt): Promise<readonly (readonly [CapabilityName, Capability])[]> {
  const namespace = await probeNamespace(attempt);
  const inside = Object.entries(NAMESPACE_TRIALS).map(
    async ([name, trial]): Promise<readonly [CapabilityName, Capability]> => {
      const capability = name as CapabilityName;
      if (namespace.argv === undefined)
        return [capability, missing(`no network namespace to try it in: ${namespace.failure}`, namespaceFix())];
      return [capability, await tryInNamespace(attempt, namespace.argv, trial)];
    },
  );
  const users = namespace.user.ok
    ? present(`tried: ${USER_NAMESPACE.join(' ')}`)
    : missing(`${USER_NAMESPACE.join(' ')}: ${namespace.user.failure}`, namespaceFix());
  return [['user-namespaces', users], ...(await Promise.all(inside))];
}

/** Fix for a forbidden namespace, from the kernel setting that forbids it. The trial itself has already failed. */
export function namespaceFix(): string {
  const isSet = (path: string, value: string): boolean => readText(path)?.trim() === value;
  if (isSet('/proc/sys/kernel/apparmor_restrict_unprivileged_userns', '1'))
    return 'sysctl kernel.apparmor_restrict_unprivileged_userns=0 (as root)';
  if (isSet('/proc/sys/kernel/unprivileged_userns_clone', '0'))
    return 'sysctl kernel.unprivileged_userns_clone=1 (as root)';
  if (isSet('/proc/sys/user/max_user_namespaces', '0')) return 'sysctl user.max_user_namespaces=15000 (as root)';
  return 'Install util-linux 2.36 or later; in a container allow it (docker run --cap-add SYS_ADMIN --cap-add NET_ADMIN --security-opt seccomp=unconfined), or run as root.';
}

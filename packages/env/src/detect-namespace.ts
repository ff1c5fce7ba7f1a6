import { createAttempt } from './attempt.js';
import { enterNamespace } from './enter-namespace.js';
import { probeNamespace, USER_NAMESPACE } from './namespace-probe.js';
import { namespaceFix } from './probe-network.js';
import { packageOf } from './missing-program.js';

/** How programs get a network namespace of their own here. */
export type NamespaceSupport =
  | {
      readonly available: true;
      /**
       * Arguments before which a command runs in a new network namespace, with every capability in it. Its loopback is
       * down.
       */
      readonly create: readonly [string, ...string[]];
      /** Arguments before which a command runs in the network namespace of a process. */ readonly enter: (
        pid: number,
      ) => readonly [string, ...string[]];
    }
  | { readonly available: false; readonly reason: string; /** How to get it. */ readonly fix: string };

/**
 * Finds out by trying how a network namespace can be made: by the superuser plainly, by anybody else in a user
 * namespace (`unshare(1)`, `user_namespaces(7)`). What runs in one as the superuser can still change to another user.
 *
 * @throws the signal's reason when it aborts.
 */
export async function detectNamespace({
  signal,
  timeoutMs = 5000,
}: {
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
}): Promise<NamespaceSupport> {
  const attempt = createAttempt(timeoutMs, signal);
  const { argv, failure } = await probeNamespace(attempt);
  if (argv === undefined) return { available: false, reason: failure, fix: namespaceFix() };
  const rootless = argv === USER_NAMESPACE;
  // Nobody but its own uid 0 exists in a user namespace that root made: PostgreSQL, which refuses root, could not run.
  if (rootless && process.getuid?.() === 0)
    return {
      available: false,
      reason:
        'the superuser of this container may make no network namespace but in a user namespace without other users',
      fix: 'Run as another user, or allow it (docker run --cap-add SYS_ADMIN).',
    };
  const loopback = await attempt([...argv, 'ip', 'link', 'set', 'lo', 'up']);
  if (!loopback.ok)
    return {
      available: false,
      reason: `ip link set lo up: ${loopback.failure}`,
      fix: `apt-get install ${packageOf('ip')}`,
    };
  return { available: true, create: argv, enter: (pid) => enterNamespace(pid, { ownUser: rootless }) };
}

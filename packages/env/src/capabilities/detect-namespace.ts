import { createAttempt } from './attempt.js';
import { enterNamespace } from './enter-namespace.js';
import { probeNamespace, USER_NAMESPACE } from './namespace-probe.js';
import { namespaceFix } from './probe-network.js';
import { packageOf } from '../missing-program.js';

/** Way in which programs get their own network namespace on this machine. */
export type NamespaceSupport =
  | {
      readonly available: true;
      /**
       * Command prefix that runs a command in a new network namespace, with every capability in it. Its loopback is
       * down.
       */
      readonly create: readonly [string, ...string[]];
      /** Command prefix that runs a command in the network namespace of a process. */
      readonly enter: (pid: number) => readonly [string, ...string[]];
    }
  | { readonly available: false; readonly reason: string; /** How to get it. */ readonly fix: string };

/**
 * Tries how a network namespace can be made: root makes it directly, other users need a user namespace (`unshare(1)`,
 * `user_namespaces(7)`). Programs that run in it as root can still change to another user.
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
  // A user namespace made by root contains only uid 0: PostgreSQL, which refuses root, could not run.
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

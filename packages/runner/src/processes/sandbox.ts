import { detectNamespace } from '@chaos/env';
import { EnvironmentError, type ResolvedConfig } from '@chaos/spec';

/** Commands that create a network namespace for a slot and enter it. */
export interface Sandbox {
  /** Wraps a command so that it runs in a new namespace with its own loopback. */
  create(argv: readonly string[]): readonly [string, ...string[]];
  /** Wraps a command so that it runs in the namespace of a process. */
  enter(pid: number, argv: readonly string[]): readonly [string, ...string[]];
}

/** The network namespace of a slot, with a way for its workers to enter it. */
export interface SlotNamespace {
  /** Wraps a command so that it runs there. */
  enter(argv: readonly string[]): readonly [string, ...string[]];
}

/**
 * Decides from `network.sandbox` whether slots of this run are sandboxed. A sandbox could not reach a service given by
 * URL, a dependency, or an external target.
 *
 * @throws EnvironmentError where a sandbox is required and impossible
 */
export async function findSandbox(
  { network, services, target, targets }: Pick<ResolvedConfig, 'network' | 'services' | 'target' | 'targets'>,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<Sandbox | undefined> {
  if (network.sandbox === 'off') return undefined;
  const outside = Object.entries(services).find(([, { url }]) => url !== undefined);
  if (outside)
    return refuse(
      network.sandbox,
      outside[1].speaks ? `dependencies.${outside[0]} is outside` : `services.${outside[0]}.url is outside`,
      'Leave services.*.url and dependencies out, or set network.sandbox to off.',
      log,
    );
  if ([target, ...Object.values(targets)].some(({ external }) => external !== undefined))
    return refuse(
      network.sandbox,
      'the target is external',
      'Start it by a command, or set network.sandbox to off.',
      log,
    );
  const support = await detectNamespace({ signal });
  if (!support.available) return refuse(network.sandbox, support.reason, support.fix, log);
  return {
    create: (argv) => [...support.create, 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', ...argv],
    enter: (pid, argv) => [...support.enter(pid), ...argv],
  };
}

function refuse(wanted: 'auto' | 'on', reason: string, hint: string, log: (line: string) => void): undefined {
  if (wanted === 'on')
    throw new EnvironmentError(`Cannot put slots into network namespaces of their own: ${reason}`, { hint });
  log(`no sandbox: ${reason} (${hint})`);
}

import { detectNamespace } from '@chaos/env';
import { EnvironmentError, type ResolvedConfig } from '@chaos/spec';

/** How slots get a network namespace each, and workers get into it. */
export interface Sandbox {
  /** The command, in a new namespace with a loopback of its own. */ create(
    argv: readonly string[],
  ): readonly [string, ...string[]];
  /** The command, in the namespace of this process. */ enter(
    pid: number,
    argv: readonly string[],
  ): readonly [string, ...string[]];
}

/**
 * Whether slots of this run are sandboxed, as `network.sandbox` says. A service that is reached by its URL would be out
 * of reach.
 *
 * @throws EnvironmentError where it has to be and cannot
 */
export async function findSandbox(
  { network, services }: Pick<ResolvedConfig, 'network' | 'services'>,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<Sandbox | undefined> {
  if (network.sandbox === 'off') return undefined;
  const outside = Object.entries(services).find(([, { url }]) => url !== undefined);
  if (outside)
    return refuse(
      network.sandbox,
      `services.${outside[0]}.url is outside`,
      'Leave services.*.url out, or set network.sandbox to off.',
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

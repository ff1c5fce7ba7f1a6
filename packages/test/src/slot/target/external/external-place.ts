import type { Executor } from '@chaos/net-tc';
import type { ExternalTarget } from '@chaos/spec';

/** A command, as a vector. */
export type Argv = readonly [string, ...string[]];

/** What can be done to a program that runs elsewhere. */
export type ExternalVerb = 'pause' | 'resume' | 'kill' | 'start' | 'restart' | 'look';

// A process and its descendants get a signal: $1 is the process, $2 the signal. Any POSIX shell with ps and awk.
const SIGNAL_TREE =
  'kill -s "$2" $(ps -e -o pid= -o ppid= | awk -v root="$1" \'{ parent[$1] = $2 } ' +
  "END { for (pid in parent) { at = pid; while (at && at != root) at = parent[at]; if (at == root) print pid } }')";
const signalTree = (pid: number, signal: string): Argv => ['sh', '-c', SIGNAL_TREE, 'sh', String(pid), signal];

/** The machine, host or pod on which the commands of a program run. */
export async function executorOf({ host, pod, namespace }: ExternalTarget): Promise<Executor> {
  const { kubectl, local, ssh } = await import('@chaos/net-tc');
  if (pod !== undefined) return kubectl(pod, { ...(namespace !== undefined && { namespace }) });
  return host === undefined ? local : ssh(host);
}

/** The command by which a thing is done there; `undefined` where it cannot be done, see {@link whyNot}. */
export function commandOf({ pid, container }: ExternalTarget, verb: ExternalVerb): Argv | undefined {
  if (container !== undefined) return dockerCommand(container, verb);
  if (pid === undefined) return undefined;
  switch (verb) {
    case 'pause':
      return signalTree(pid, 'STOP');
    case 'resume':
      return signalTree(pid, 'CONT');
    case 'look':
      return ['kill', '-s', '0', String(pid)];
    default:
      return undefined;
  }
}

/** The command that prints the last lines of its output; `undefined` where it is not known. */
export function logCommandOf({ container }: ExternalTarget, lines: number): Argv | undefined {
  return container === undefined ? undefined : ['docker', 'logs', `--tail=${lines}`, container];
}

/** The command of a graceful stop within so many seconds. */
export function stopCommandOf({ container }: ExternalTarget, seconds: number): Argv | undefined {
  return container === undefined ? undefined : ['docker', 'stop', `--time=${seconds}`, container];
}

/** Says for people why a thing cannot be done to it. */
export function whyNot({ pid }: ExternalTarget, verb: ExternalVerb | 'stop' | 'change'): string {
  if (verb === 'change') return 'its environment was given to it when it was started, which chaos did not do';
  if (pid === undefined) return 'the configuration names neither its pid nor its container (target.external)';
  return 'chaos did not start it, so it could not start it again; name its container instead of its pid';
}

function dockerCommand(container: string, verb: ExternalVerb): Argv {
  switch (verb) {
    case 'pause':
      return ['docker', 'pause', container];
    case 'resume':
      return ['docker', 'unpause', container];
    case 'kill':
      return ['docker', 'kill', '--signal=KILL', container];
    case 'start':
      return ['docker', 'start', container];
    case 'restart':
      return ['docker', 'restart', container];
    case 'look':
      return ['docker', 'inspect', '--type=container', '--format={{json .State}}', container];
  }
}

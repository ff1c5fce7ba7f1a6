import { delimiter } from 'node:path';
import { enterNamespace, searchPath } from '@chaos/env';
import { quote } from '../plan/commands/command.js';

/**
 * Place where commands run, as plain data: the words before each command, and whether a remote shell splits the command
 * line again.
 */
export interface Executor {
  readonly name: string;
  readonly prefix: readonly string[];
  readonly throughShell: boolean;
  /** Folders of this machine with programs, searched after `PATH`; see {@link withPrograms}. */
  readonly programs?: readonly string[];
}

/** The environment of its commands, as far as it differs from this process's. */
export function environmentOf({ programs = [] }: Executor): { readonly PATH: string; readonly LC_ALL: string } {
  return { PATH: [searchPath(), ...programs].join(delimiter), LC_ALL: 'C' };
}

/** The command as this process has to start it. */
export function commandThrough(
  { prefix, throughShell }: Executor,
  argv: readonly [string, ...string[]],
): readonly [string, ...string[]] {
  return [...prefix, ...(throughShell ? [argv.map(quote).join(' ')] : argv)] as unknown as readonly [
    string,
    ...string[],
  ];
}

/**
 * The executor with a folder of programs of this machine, which it uses where `PATH` has none: for a `nft` that is not
 * installed. No other command of this process sees the folder.
 *
 * @throws TypeError for an executor of another machine or of a container, which has no such folder
 */
export function withPrograms(executor: Executor, folder: string): Executor {
  if (['ssh', 'docker', 'kubectl'].includes(executor.prefix[0] ?? ''))
    throw new TypeError(`Cannot use programs of ${folder} in ${executor.name}: its programs are its own`);
  return { ...executor, programs: [...(executor.programs ?? []), folder] };
}

/** This process's own network namespace. */
export const local: Executor = { name: 'here', prefix: [], throughShell: false };

/** A network namespace of `ip netns` by name; needs root. */
export function networkNamespace(name: string): Executor {
  return { name: `namespace ${name}`, prefix: ['ip', 'netns', 'exec', named('namespace', name)], throughShell: false };
}

/** The network namespace of a process. `ownUser`: it is in a user namespace that this user made (no root needed). */
export function namespaceOf(pid: number, { ownUser = false }: { readonly ownUser?: boolean } = {}): Executor {
  if (!Number.isSafeInteger(pid) || pid < 1)
    throw new RangeError(`Cannot enter a namespace: pid must be a whole number from 1, current value is ${pid}`);
  return { name: `namespace of process ${pid}`, prefix: enterNamespace(pid, { ownUser }), throughShell: false };
}

/**
 * Another host. `destination` as ssh has it (`user@host`, or a name of its configuration); it never asks for a
 * password.
 */
export function ssh(
  destination: string,
  options: { readonly port?: number; readonly identityFile?: string } = {},
): Executor {
  // ssh would read a leading dash as an option, and some options run commands.
  if (!/^[^\s-][^\s\0]*$/.test(destination))
    throw new RangeError(`Cannot reach a host: ${JSON.stringify(destination)} is no destination for ssh`);
  const { port, identityFile } = options;
  const words = [
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(identityFile === undefined ? [] : ['-i', identityFile]),
  ];
  return {
    name: `host ${destination}`,
    prefix: ['ssh', '-o', 'BatchMode=yes', ...words, '--', destination],
    throughShell: true,
  };
}

/** A running container. It needs tc and nft inside, and NET_ADMIN. */
export function docker(container: string): Executor {
  return {
    name: `container ${container}`,
    prefix: ['docker', 'exec', '--interactive', named('container', container)],
    throughShell: false,
  };
}

/** A container of a pod. It needs tc and nft inside, and NET_ADMIN. */
export function kubectl(
  pod: string,
  {
    namespace,
    container,
    context,
  }: { readonly namespace?: string; readonly container?: string; readonly context?: string } = {},
): Executor {
  const option = (name: string, value: string | undefined): readonly string[] =>
    value === undefined ? [] : [`--${name}=${named(name, value)}`];
  const words = [...option('context', context), ...option('namespace', namespace), ...option('container', container)];
  return {
    name: `pod ${pod}`,
    prefix: ['kubectl', 'exec', '--stdin', ...words, named('pod', pod), '--'],
    throughShell: false,
  };
}

function named(what: string, name: string): string {
  if (!/^[A-Za-z0-9][\w.:@/-]*$/.test(name))
    throw new RangeError(`Cannot enter a ${what}: ${JSON.stringify(name)} is no name of one`);
  return name;
}

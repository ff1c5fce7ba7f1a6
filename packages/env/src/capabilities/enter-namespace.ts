/**
 * Command prefix that runs a command in the network namespace of a process. `ownUser`: the process is in a user
 * namespace that this user made, so no root is needed.
 */
export function enterNamespace(
  pid: number,
  { ownUser = false }: { readonly ownUser?: boolean } = {},
): readonly [string, ...string[]] {
  return ['nsenter', '--target', String(pid), ...(ownUser ? ['--user', '--preserve-credentials'] : []), '--net', '--'];
}

/**
 * Arguments before which a command runs in the network namespace of a process. `ownUser`: it is in a user namespace
 * that this user made, so no root is needed.
 */
export function enterNamespace(
  pid: number,
  { ownUser = false }: { readonly ownUser?: boolean } = {},
): readonly [string, ...string[]] {
  return ['nsenter', '--target', String(pid), ...(ownUser ? ['--user', '--preserve-credentials'] : []), '--net', '--'];
}

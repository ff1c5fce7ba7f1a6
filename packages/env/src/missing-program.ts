// A chain of programs (unshare → sh → nft) ends with 127 whichever of them was not found: only what they say tells.
const SAYINGS: readonly RegExp[] = [
  // sh: 1: nft: not found · sh: 1: exec: nft: not found · /bin/sh: nft: not found · bash: line 1: nft: command not
  // found
  /^\S*sh: (?:(?:line )?\d+: )?(?:exec: )?([^\s:]+): (?:(?:command )?not found|Permission denied|No such file or directory)$/m,
  // zsh:1: command not found: nft
  /^\S*sh:(?:\d+:)? command not found: (\S+)$/m,
  // unshare: failed to execute nft: No such file or directory · nsenter, setpriv and nice say it, too
  /^\S+: failed to (?:execute|exec|run) [‘'"]?([^\s‘’'":]+)[’'"]?: (?:No such file or directory|Permission denied)$/m,
  // env: ‘nft’: No such file or directory
  /^(?:env|nice|nohup|timeout|setsid|stdbuf|sudo): (?:failed to run command )?[‘'"]?([^\s‘’'":]+)[’'"]?: (?:No such file or directory|command not found)$/m,
  // exec of "nft" failed: No such file or directory (ip netns exec)
  /^exec of "([^"]+)" failed: (?:No such file or directory|Permission denied)$/m,
  // exec: "nft": executable file not found in $PATH (docker, kubectl)
  /exec: "([^"]+)": (?:executable file not found|stat [^:]+: no such file)/,
];

/**
 * The program that was not found, out of what a command that failed wrote to standard error; `undefined` where that
 * does not tell.
 */
export function missingProgram(stderr: string): string | undefined {
  for (const saying of SAYINGS) {
    const name = saying.exec(stderr)?.[1];
    if (name !== undefined) return name;
  }
  return undefined;
}

/** The Debian package that has a program. */
export function packageOf(program: string): string {
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (name === 'nft') return 'nftables';
  if (['tc', 'ip', 'ss', 'bridge'].includes(name)) return 'iproute2';
  if (['unshare', 'nsenter', 'setpriv', 'flock'].includes(name)) return 'util-linux';
  return name;
}

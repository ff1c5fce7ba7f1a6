/** A command as a vector, never as a line for a shell, with what it reads. */
export interface Command {
  readonly argv: readonly [string, ...string[]];
  readonly stdin?: string;
}

/** Commands as people read them: a script for `sh`. */
export function formatCommands(commands: readonly Command[]): string {
  return commands
    .map(
      ({ argv, stdin }) =>
        argv.map(quote).join(' ') +
        (stdin === undefined ? '' : ` <<'END'\n${stdin.endsWith('\n') ? stdin : `${stdin}\n`}END`),
    )
    .join('\n');
}

/** One word for a shell. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The end of a program's output, to follow what happened to it. */
export function lastOutput(log: string): string {
  return log === '' ? ' (it wrote nothing)' : `; its last output:\n${log}`;
}

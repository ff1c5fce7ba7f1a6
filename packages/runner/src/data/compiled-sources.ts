const compiled = new Set<string>();

/** Remembers a source of an installed package that was compiled as the user's own are: tests that a package ships. */
export function noteCompiled(file: string): void {
  compiled.add(file);
}

/** True for a source that was compiled although it is installed: people look there, too. */
export function isCompiled(file: string): boolean {
  return compiled.has(file);
}

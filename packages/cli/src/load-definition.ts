/** The default export of a module that defines a service of the user's, by its absolute path. */
export async function loadDefinition(file: string, tsconfig?: string): Promise<unknown> {
  // Built into the command, as for `chaos.config.ts`.
  const { loadModule, useTsconfig } = await import('@chaos/runner/run');
  if (tsconfig !== undefined) useTsconfig(tsconfig);
  return (await loadModule(file))['default'];
}
